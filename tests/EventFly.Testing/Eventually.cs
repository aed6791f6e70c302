using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace EventFly.Testing;

/// <summary>Waits for conditions that other threads or processes bring about.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Task True(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string text = "") =>
        True(() => Task.FromResult(condition()), text);

    public static async Task True(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"This did not become true within {Patience.TotalSeconds:0} s: {text}");
            }

            await Task.Delay(10);
        }
    }

    /// <summary>The value, once it is there.</summary>
    public static async Task<T> NotNull<T>(Func<Task<T?>> value, [CallerArgumentExpression(nameof(value))] string text = "")
        where T : class
    {
        T? found = null;
        await True(async () => (found = await value()) is not null, text);
        return found!;
    }
}
