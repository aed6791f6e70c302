using System.Diagnostics;

namespace Aspire.Hosting.Dcp;

/// <summary>The official Aspire engine (DCP) and dashboard, unpacked from the npm package that package.json pins.</summary>
/// <param name="Folder">Where it is, links resolved: a newer CLI spares a folder that the dashboard has leased under this name.</param>
internal sealed record AspireBundle(string Folder)
{
    /// <summary>The engine's interface is internal to Aspire and changes with it.</summary>
    public const string Version = "13.5.4";

    private static readonly TimeSpan _unpackingTakesAtMost = TimeSpan.FromMinutes(2);

    public string Engine => Path.Combine(Folder, "dcp", "dcp");

    /// <summary>The program that is the dashboard when it is told <c>dashboard</c>.</summary>
    public string Managed => Path.Combine(Folder, "managed", "aspire-managed");

    private bool IsComplete => File.Exists(Engine) && File.Exists(Managed);

    /// <summary>Finds the bundle; unpacks it if only the npm package is there.</summary>
    /// <exception cref="DistributedApplicationException">Neither is there.</exception>
    public static async Task<AspireBundle> Find(string appHostDirectory, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable("ASPIRE_LAYOUT_PATH") is { Length: > 0 } layout)
        {
            var given = new AspireBundle(Path.GetFullPath(layout));
            return given.IsComplete ? given : throw new DistributedApplicationException($"ASPIRE_LAYOUT_PATH is {layout}, but no Aspire engine is there.");
        }

        var home = Environment.GetEnvironmentVariable("ASPIRE_HOME") is { Length: > 0 } set ? set : DefaultHome;
        if (In(home) is { } unpacked) return unpacked;
        var cli = FindCli(appHostDirectory) ?? throw new DistributedApplicationException(
            "The Aspire engine is missing: run `npm install` in the checkout, which fetches @microsoft/aspire-cli-linux-x64.");
        await Unpack(cli, home, cancellationToken);
        return In(home) ?? throw new DistributedApplicationException($"{cli} has not unpacked the Aspire engine into {home}.");
    }

    // Other versions may be in ~/.aspire, so this one has a place of its own.
    private static string DefaultHome => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } data
            ? data : Path.GetTempPath(),
        "eventfly", $"aspire-{Version}");

    private static AspireBundle? In(string home)
    {
        var link = new DirectoryInfo(Path.Combine(home, "bundle"));
        if (!link.Exists) return null;
        var bundle = new AspireBundle(link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? link.FullName);
        return bundle.IsComplete ? bundle : null;
    }

    private static string? FindCli(string appHostDirectory)
    {
        if (Environment.GetEnvironmentVariable("ASPIRE_CLI_PATH") is { Length: > 0 } given) return given;
        for (var folder = new DirectoryInfo(appHostDirectory); folder is not null; folder = folder.Parent)
        {
            var cli = Path.Combine(folder.FullName, "node_modules", "@microsoft", "aspire-cli-linux-x64", "bin", "aspire");
            if (File.Exists(cli)) return cli;
        }
        return null;
    }

    private static async Task Unpack(string cli, string home, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(home);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_unpackingTakesAtMost);
        await using var turn = await WaitForTurn(home, patience.Token);
        if (In(home) is not null) return;

        var start = new ProcessStartInfo(cli) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["setup", "--install-path", home, "--non-interactive", "--nologo"]) start.ArgumentList.Add(argument);
        start.Environment["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true";
        using var setup = Process.Start(start) ?? throw new DistributedApplicationException($"{cli} cannot be started.");
        var said = Task.WhenAll(setup.StandardOutput.ReadToEndAsync(patience.Token), setup.StandardError.ReadToEndAsync(patience.Token));
        await setup.WaitForExitAsync(patience.Token);
        if (setup.ExitCode != 0)
        {
            throw new DistributedApplicationException($"{cli} could not unpack the Aspire engine: {string.Concat(await said).Trim()}");
        }
    }

    /// <summary>Two AppHosts that start for the first time at once must not unpack into each other.</summary>
    private static async Task<FileStream> WaitForTurn(string home, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(home, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }
}
