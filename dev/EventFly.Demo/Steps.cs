using System.Diagnostics;
using System.Globalization;

namespace EventFly.Demo;

/// <summary>Does one step after the other and writes down how long each took.</summary>
internal sealed class Steps(TextWriter output)
{
    private readonly long began = Stopwatch.GetTimestamp();

    public int Count { get; private set; }

    /// <summary>What is being done now.</summary>
    public string Current { get; private set; } = "";

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(began);

    /// <param name="name">What happens, as a sentence.</param>
    /// <param name="work">Does it and says what came of it.</param>
    public async Task Do(string name, Func<Task<string>> work)
    {
        Current = name;
        var start = Stopwatch.GetTimestamp();
        var outcome = await work();
        Count++;
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{Count,3}  {Stopwatch.GetElapsedTime(start).TotalMilliseconds,6:0} ms  {name}{(outcome.Length > 0 ? ": " : "")}{outcome}"));
    }
}
