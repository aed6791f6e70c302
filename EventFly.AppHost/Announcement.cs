using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace EventFly.AppHost;

/// <summary>
/// Prints the links once everything is healthy. If that cannot happen, because a process ended or could not be started, or takes
/// longer than three minutes, it prints which and its last lines, and ends the run with exit code 1.
/// </summary>
internal sealed class Announcement(
    ResourceNotificationService notifications, ResourceLoggerService logs, DistributedApplicationModel model, IConfiguration configuration,
    IHostApplicationLifetime lifetime, TimeProvider clock, RunBegan began) : BackgroundService
{
    private const int LastLines = 12;
    private const string Dashboard = "aspire-dashboard";
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private readonly Dictionary<string, ResourceEvent> _latest = new(StringComparer.Ordinal);
    private bool _announced;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var patience = new CancellationTokenSource(_patience, clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, patience.Token);
        try
        {
            await foreach (var change in notifications.WatchAsync(ends.Token))
            {
                _latest.TryGetValue(change.ResourceId, out var before);
                _latest[change.ResourceId] = change;
                if (_announced) Mention(before, change);
                else if (HasFailed(change.Snapshot))
                {
                    await Fail(change);
                    return;
                }
                else if (EverythingIsHealthy())
                {
                    _announced = true;
                    patience.CancelAfter(Timeout.InfiniteTimeSpan);
                    PrintLinks();
                }
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            await Fail(_latest.Values.First(known => !IsHealthy(known)));
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
    }

    private static bool HasFailed(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.FailedToStart
        || (snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text));

    private static bool IsHealthy(ResourceEvent known) => known.Snapshot.HealthStatus is HealthStatus.Healthy;

    private bool EverythingIsHealthy() =>
        model.Resources.All(resource => _latest.Values.Any(known => known.Resource == resource)) && _latest.Values.All(IsHealthy);

    private void PrintLinks()
    {
        var took = clock.GetElapsedTime(began.At).TotalSeconds;
        Console.WriteLine($"gateway   {UrlOf("gateway")}");
        if (UrlOf("mailbox") is { } mailbox) Console.WriteLine($"mailbox   {mailbox}");
        if (UrlOf(Dashboard) is { } dashboard) Console.WriteLine($"dashboard {dashboard}/login?t={configuration["AppHost:BrowserToken"]}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Everything is healthy after {took:0.0} s. Ctrl+C stops it."));
    }

    private string? UrlOf(string resource) =>
        _latest.Values.FirstOrDefault(known => known.Resource.Name == resource)?.Snapshot.Urls.FirstOrDefault(url => url.Name == "http")?.Url;

    private async Task Fail(ResourceEvent failed)
    {
        var snapshot = failed.Snapshot;
        var said = new List<LogLine>();
        // A process is known to have ended before its last lines are.
        await Task.Delay(TimeSpan.FromMilliseconds(500), clock);
        await foreach (var lines in logs.GetAllAsync(failed.ResourceId)) said.AddRange(lines);
        var reason = snapshot.ExitCode is { } exitCode ? $"ended with exit code {exitCode}"
            : snapshot.State?.Text == KnownResourceStates.FailedToStart ? "could not be started"
            : HasFailed(snapshot) ? "ended by a signal, which a crash is too"
            : $"is not healthy after {_patience.TotalMinutes:0} minutes: "
                + (snapshot.HealthReports.FirstOrDefault(report => report.Status is not HealthStatus.Healthy)?.Description ?? snapshot.State?.Text ?? "it never started");
        if (LastWords(said) is { } why)
        {
            Console.Error.WriteLine($"'{failed.Resource.Name}' could not start: {why}");
            Environment.ExitCode = 1;
            lifetime.StopApplication();
            return;
        }
        Console.Error.WriteLine($"'{failed.Resource.Name}' {reason.TrimEnd('.')}. Its last lines:");
        foreach (var line in said.Where(line => !IsStackFrame(line.Content)).TakeLast(LastLines)) Console.Error.WriteLine($"  {line.Content}");
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    /// <summary>What a .NET program says when nobody caught its exception: the sentence behind the type. Null if it did not end so.</summary>
    private static string? LastWords(List<LogLine> said)
    {
        const string Unhandled = "Unhandled exception. ";
        var line = said.Select(line => line.Content).LastOrDefault(content => content.Contains(Unhandled, StringComparison.Ordinal));
        var exception = line?[(line.IndexOf(Unhandled, StringComparison.Ordinal) + Unhandled.Length)..];
        return exception is not null && exception.IndexOf(": ", StringComparison.Ordinal) is > 0 and var end ? exception[(end + 2)..] : null;
    }

    /// <summary>Frames of a stack would fill the page, and the reason stands above them.</summary>
    private static bool IsStackFrame(string line) =>
        line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].TrimStart().StartsWith("at ", StringComparison.Ordinal);

    /// <summary>Afterwards a process that ends is only mentioned: it can be started again from the dashboard.</summary>
    private static void Mention(ResourceEvent? before, ResourceEvent now)
    {
        if (before is null || HasFailed(before.Snapshot) || !HasFailed(now.Snapshot)) return;
        var how = now.Snapshot.ExitCode is { } exitCode ? $"with exit code {exitCode.ToString(CultureInfo.InvariantCulture)}" : "by a signal";
        Console.WriteLine($"'{now.Resource.Name}' has ended {how}; the dashboard can start it again.");
    }
}
