using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace EventFly.Messaging.Nats.Tests;

/// <summary>The real nats-server, on a free port, over a folder of its own. It can be killed, started again, and lose its store.</summary>
public sealed class NatsProgram : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventfly-nats-");
    private Process? _process;
    private int _port = -1;

    /// <summary>What follows the program's own switches.</summary>
    public string[] Switches { get; init; } = [];

    public string ConnectionString => $"nats://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}";

    public int Port => _port;

    public async ValueTask InitializeAsync() => await Start();

    public async Task Start()
    {
        var ports = _folder.CreateSubdirectory("ports");
        foreach (var old in ports.GetFiles())
        {
            old.Delete();
        }

        var start = new ProcessStartInfo("nats-server") { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] switches =
        [
            "-a", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-js", "-sd", Path.Combine(_folder.FullName, "store"),
            "--ports_file_dir", ports.FullName, .. Switches,
        ];
        foreach (var word in switches)
        {
            start.ArgumentList.Add(word);
        }

        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException("These tests need the program nats-server on the PATH (Debian and Ubuntu: apt-get install nats-server).");
        }

        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.True(() => Told(ports), Patience, "nats-server writes down its port");
        await Eventually.True(Listens, Patience, "nats-server listens");
    }

    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void LoseStore() => Directory.Delete(Path.Combine(_folder.FullName, "store"), recursive: true);

    public ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            Kill();
        }

        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private bool Told(DirectoryInfo ports)
    {
        if (_process!.HasExited)
        {
            throw new InvalidOperationException($"nats-server ended at once with exit code {_process.ExitCode}.");
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

        _port = new Uri(text[at..end]).Port;
        return true;
    }

    private async Task<bool> Listens()
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync("127.0.0.1", _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
