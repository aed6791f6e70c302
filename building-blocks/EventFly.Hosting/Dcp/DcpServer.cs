using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dcp;

/// <summary>
/// The engine's process for one run. It watches the AppHost: when that is gone, however it ended, the engine ends everything it
/// has started, removes the session folder and then itself.
/// </summary>
internal sealed class DcpServer(IConfiguration configuration, AppHostDirectory appHost, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan _startTakesAtMost = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _endTakesAtMost = TimeSpan.FromSeconds(12);

    private DcpClient? _client;
    private X509Certificate2? _certificate;

    public AspireBundle Bundle { get; private set; } = new("");

    /// <summary>Lives as long as the engine; so does everything that is put there.</summary>
    public string SessionFolder { get; private set; } = "";

    public DcpClient Client => _client ?? throw new InvalidOperationException("The Aspire engine has not been started.");

    public async Task Start(CancellationToken cancellationToken)
    {
        Bundle = await AspireBundle.Find(appHost.Path, cancellationToken);
        SessionFolder = configuration["Dcp:SessionFolder"] is { Length: > 0 } given
            ? Directory.CreateDirectory(given).FullName
            : Directory.CreateTempSubdirectory("eventfly.").FullName;
        var certificateFile = Path.Combine(SessionFolder, "api.crt");
        var keyFile = Path.Combine(SessionFolder, "api.key");
        var kubeconfig = Path.Combine(SessionFolder, "kubeconfig");
        var log = Path.Combine(SessionFolder, "engine.log");
        _certificate = EngineCertificate.Create(certificateFile, keyFile, clock.GetUtcNow());

        // The shell gives the engine a file to write to: a pipe would break, and the engine with it, when the AppHost is killed.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var argument in (string[])
        [
            "-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log,
            Bundle.Engine, "start-apiserver", "--monitor", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "--detach", "--kubeconfig", kubeconfig, "--tls-cert-file", certificateFile, "--tls-key-file", keyFile,
        ])
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["DCP_SESSION_FOLDER"] = SessionFolder;
        // These are about the AppHost itself; processes inherit everything else through the engine.
        foreach (var name in (string[])["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE"])
        {
            start.Environment.Remove(name);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_startTakesAtMost);
        try
        {
            using var launcher = Process.Start(start) ?? throw new DistributedApplicationException("/bin/sh cannot be started.");
            _client = await Connect(kubeconfig, _certificate, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var said = File.Exists(log) ? (await File.ReadAllTextAsync(log, cancellationToken)).Trim() : "";
            throw new DistributedApplicationException($"The Aspire engine ({Bundle.Engine}) did not start within 20 s. {said}");
        }
    }

    /// <summary>Which container engine there is.</summary>
    public static async Task<ContainerEngine> Containers(AspireBundle bundle, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_startTakesAtMost);
        using var info = Process.Start(new ProcessStartInfo(bundle.Engine, "info") { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new DistributedApplicationException($"{bundle.Engine} cannot be started.");
        var said = await info.StandardOutput.ReadToEndAsync(patience.Token);
        await info.WaitForExitAsync(patience.Token);
        return info.ExitCode == 0 && JsonSerializer.Deserialize<DcpInfo>(said, DcpClient.Json)?.Containers is { } containers
            ? containers
            : new ContainerEngine(null, Installed: false, Running: false, Error: said);
    }

    /// <summary>Ends the engine and everything it has started; returns when its session folder is gone.</summary>
    public async Task Stop(CancellationToken cancellationToken)
    {
        if (_client is null) return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_endTakesAtMost);
        try
        {
            await _client.Shutdown(patience.Token);
            while (Directory.Exists(SessionFolder)) await Task.Delay(50, patience.Token);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or DistributedApplicationException)
        {
            // The engine is gone already, or hangs; its own watch over this process ends what is left.
        }
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _certificate?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<DcpClient> Connect(string kubeconfig, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (File.Exists(kubeconfig))
            {
                var lines = await File.ReadAllLinesAsync(kubeconfig, cancellationToken);
                if (Value(lines, "server:") is { } server && Value(lines, "token:") is { } token) return new DcpClient(new Uri(server), token, certificate);
            }
            await Task.Delay(20, cancellationToken);
        }
    }

    private static string? Value(string[] lines, string key) => lines.Select(line => line.Trim())
        .LastOrDefault(line => line.StartsWith(key, StringComparison.Ordinal) && line.Length > key.Length)?[key.Length..].Trim();
}

/// <summary>Folder of the project that describes the application.</summary>
internal sealed record AppHostDirectory(string Path);
