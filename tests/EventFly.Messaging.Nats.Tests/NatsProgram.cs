using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace EventFly.Messaging.Nats.Tests;

/// <summary>The real nats-server, on a free port, over a folder of its own. It can be killed, started again, and lose its store.</summary>
public sealed class NatsProgram : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventfly-nats-");
    private Process? process;
    private int port = -1;

    /// <summary>What follows the program's own switches.</summary>
    public string[] Switches { get; init; } = [];

    public bool JetStream { get; init; } = true;

    public string ConnectionString => $"nats://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}";

    public int Port => port;

    public async ValueTask InitializeAsync() => await Start();

    public async Task Start()
    {
        var ports = folder.CreateSubdirectory("ports");
        foreach (var old in ports.GetFiles())
        {
            old.Delete();
        }

        var start = new ProcessStartInfo("nats-server") { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] switches =
        [
            "-a", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "--ports_file_dir", ports.FullName,
            .. JetStream ? ["-js", "-sd", Path.Combine(folder.FullName, "store")] : Array.Empty<string>(), .. Switches,
        ];
        foreach (var word in switches)
        {
            start.ArgumentList.Add(word);
        }

        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException("These tests need the program nats-server on the PATH (Debian and Ubuntu: apt-get install nats-server).");
        }

        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.True(() => Told(ports), Patience, "nats-server writes down its port");
        await Eventually.True(Listens, Patience, "nats-server listens");
    }

    public void Kill()
    {
        process!.Kill();
        process.WaitForExit();
        process.Dispose();
        process = null;
    }

    public void LoseStore() => Directory.Delete(Path.Combine(folder.FullName, "store"), recursive: true);

    public ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            Kill();
        }

        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private bool Told(DirectoryInfo ports)
    {
        if (process!.HasExited)
        {
            throw new InvalidOperationException($"nats-server ended at once with exit code {process.ExitCode}.");
        }

        if (ports.GetFiles() is not [var file, ..])
        {
            return false;
        }

        // {"nats":["nats://127.0.0.1:40001"]}
        var text = File.ReadAllText(file.FullName);
        var at = text.IndexOf("nats://", StringComparison.Ordinal);
        var end = at < 0 ? -1 : text.IndexOf('"', at);
        if (end < 0)
        {
            return false;
        }

        port = new Uri(text[at..end]).Port;
        return true;
    }

    private async Task<bool> Listens()
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
