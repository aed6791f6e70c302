using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EventFly.Testing;

/// <summary>A server program of the machine, started for one test on a free port and in a folder of its own, ended by its process id.</summary>
public abstract class ServerProgram : IAsyncDisposable
{
    private readonly string program;
    private Process? process;

    protected ServerProgram(string program)
    {
        this.program = program;
        Folder = Directory.CreateTempSubdirectory($"eventfly-{program}-").FullName;
    }

    public string Folder { get; }

    public int Port { get; private set; }

    /// <summary>A sentence when the program is not installed, else null: <c>Assert.SkipWhen(RedisServer.WhyNot is not null, …)</c>.</summary>
    public static string? WhyNot(string program) => PathOf(program) is null ? $"{program} is not installed: apt-get install {program}" : null;

    /// <summary>Starts it on a free port, or again on the port that it had, and waits until it takes connections.</summary>
    public async Task Start()
    {
        var path = PathOf(program) ?? throw new InvalidOperationException(WhyNot(program));
        for (var attempt = 1; ; attempt++)
        {
            var port = Port != 0 ? Port : FreePort();
            process = Process.Start(new ProcessStartInfo(path, Arguments(port)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder })!;
            process.OutputDataReceived += static (_, _) => { };
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (await TakesConnections(port))
            {
                Port = port;
                return;
            }

            // Somebody else took the port between looking and starting.
            await Kill();
            if (attempt == 5)
            {
                throw new InvalidOperationException($"{program} does not start.");
            }
        }
    }

    /// <summary>Ends it at once, as a power cut would.</summary>
    public async Task Kill()
    {
        if (process is { } running)
        {
            if (!running.HasExited)
            {
                running.Kill();
            }

            await running.WaitForExitAsync();
            running.Dispose();
            process = null;
        }
    }

    /// <summary>Stops it where it stands: connections stay open and nothing answers.</summary>
    public Task Freeze() => Signal("STOP");

    /// <summary>Lets it go on.</summary>
    public Task Thaw() => Signal("CONT");

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Kill();
        Directory.Delete(Folder, recursive: true);
    }

    protected abstract IEnumerable<string> Arguments(int port);

    private async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, $"{process!.Id}"]);
        await kill.WaitForExitAsync();
    }

    private static string? PathOf(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> TakesConnections(int port)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10) && process is { HasExited: false })
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                // Not listening yet.
                await Task.Delay(10);
            }
        }

        return false;
    }
}

/// <summary>A Redis that forgets everything when it ends.</summary>
public sealed class RedisServer() : ServerProgram(Program)
{
    public const string Program = "redis-server";

    public string ConnectionString => $"127.0.0.1:{Port}";

    protected override IEnumerable<string> Arguments(int port) => ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Folder];
}

/// <summary>A NATS with JetStream on disk: what it has acknowledged is there again after <see cref="ServerProgram.Kill"/> and <see cref="ServerProgram.Start"/>.</summary>
public sealed class NatsServer() : ServerProgram(Program)
{
    public const string Program = "nats-server";

    public string ConnectionString => $"nats://127.0.0.1:{Port}";

    protected override IEnumerable<string> Arguments(int port) => ["-a", "127.0.0.1", "-p", $"{port}", "-js", "-sd", Folder];
}
