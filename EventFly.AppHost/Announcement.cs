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
    private const int LastLines = 20;
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
        if (UrlOf(Dashboard) is { } dashboard) Console.WriteLine($"dashboard {dashboard}/login?t={configuration["AppHost:BrowserToken"]}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Everything is healthy after {took:0.0} s. Ctrl+C stops it."));
    }

    private string? UrlOf(string resource) =>
        _latest.Values.FirstOrDefault(known => known.Resource.Name == resource)?.Snapshot.Urls.FirstOrDefault(url => url.Name == "http")?.Url;

    private async Task Fail(ResourceEvent failed)
    {
        var snapshot = failed.Snapshot;
        var said = new List<LogLine>();
        await foreach (var lines in logs.GetAllAsync(failed.ResourceId)) said.AddRange(lines);
        var reason = snapshot.ExitCode is { } exitCode ? $"ended with exit code {exitCode}"
            : HasFailed(snapshot) ? $"did not start (state {snapshot.State?.Text})"
            : $"is not healthy after {_patience.TotalMinutes:0} minutes: "
                + (snapshot.HealthReports.FirstOrDefault(report => report.Status is not HealthStatus.Healthy)?.Description ?? snapshot.State?.Text ?? "it never started");
        Console.Error.WriteLine($"'{failed.Resource.Name}' {reason.TrimEnd('.')}. Its last lines:");
        foreach (var line in said.TakeLast(LastLines)) Console.Error.WriteLine($"  {line.Content}");
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    /// <summary>Afterwards a process that ends is only mentioned: it can be started again from the dashboard.</summary>
    private static void Mention(ResourceEvent? before, ResourceEvent now)
    {
        if (before is null || HasFailed(before.Snapshot) || !HasFailed(now.Snapshot)) return;
        Console.WriteLine($"'{now.Resource.Name}' is {now.Snapshot.State?.Text} (exit code {now.Snapshot.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "unknown"}).");
    }
}
