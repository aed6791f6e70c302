using EventFly.BuildingBlocks.Documents;
using EventFly.Participants.Inventory;
using Microsoft.Extensions.Options;

namespace EventFly.Participants.Waitlist;

/// <summary>
/// Holds and offers end by the clock, and then nobody says anything. This looks at the events that people wait for when the next deadline there is over.
/// </summary>
internal sealed partial class LookForFreeTickets(
    IServiceScopeFactory scopes, Documents<WaitlistWatch> watches, TimeProvider clock, IOptions<InventoryOptions> options, ILogger<LookForFreeTickets> log)
    : BackgroundService
{
    private const int PageSize = 100;

    public async Task Sweep(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        string? after = null;
        do
        {
            var due = await watches.Query(
                new Query([new Where.Range("due", null, now.AddMilliseconds(1))], [new SortBy("due")], PageSize, after), cancellationToken);
            foreach (var watch in due.Items)
            {
                await LookAt(watch.Body.EventId, cancellationToken);
            }

            after = due.Next;
        }
        while (after is not null);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.WaitlistInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Sweep(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogSweepFailed(log, failure);
            }
        }
    }

    private async Task LookAt(Guid eventId, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<MakeOffers>().For(eventId, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // It stays due. One event that fails must not keep the others waiting.
            LogFailed(log, failure, eventId);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Offering the free tickets of event {EventId} failed. The next round tries again.")]
    private static partial void LogFailed(ILogger log, Exception failure, Guid eventId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for events that people wait for failed. The next round tries again.")]
    private static partial void LogSweepFailed(ILogger log, Exception failure);
}
