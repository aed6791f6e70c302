using System.Diagnostics;
using System.Threading.Channels;

namespace EventFly.EndToEnd.Tests;

/// <summary>The AppHost as <c>./eventfly run</c> starts it: a process of its own.</summary>
internal sealed class AppHostProcess : IDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(1_000);

    private AppHostProcess(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(Projects.EventFly_AppHost).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public static AppHostProcess Start(params string[] arguments) => new(arguments);

    public static async Task<(int ExitCode, string Said)> RunToEnd(params string[] arguments)
    {
        using var run = new AppHostProcess(arguments);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        await run._process.WaitForExitAsync(patience.Token);
        run._lines.Writer.Complete();
        var said = new List<string>();
        await foreach (var line in run._lines.Reader.ReadAllAsync(patience.Token)) said.Add(line);
        return (run._process.ExitCode, string.Join('\n', said));
    }

    public async Task<string> AwaitLine(string beginning, TimeSpan atMost)
    {
        using var patience = new CancellationTokenSource(atMost);
        await foreach (var line in _lines.Reader.ReadAllAsync(patience.Token))
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal)) return line;
        }
        throw new InvalidOperationException($"It ended without a line that begins with '{beginning}'.");
    }

    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is not null) _lines.Writer.TryWrite(line);
    }
}
