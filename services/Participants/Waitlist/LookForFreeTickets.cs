using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Documents;
using EventFly.Participants.Inventory;
using Microsoft.Extensions.Options;

namespace EventFly.Participants.Waitlist;

/// <summary>
/// Holds and offers end by the clock, and then nobody says anything. This looks at the events that people wait for when the next deadline there is over.
/// </summary>
internal sealed partial class LookForFreeTickets(
    IServiceScopeFactory scopes, Documents<WaitlistWatch> watches, TimeProvider clock, IOptions<InventoryOptions> options, ILogger<LookForFreeTickets> log)
    : Rounds(clock, options.Value.WaitlistInterval, log)
{
    private const int PageSize = 100;

    private readonly TimeProvider clock = clock;
    private readonly ILogger log = log;

    protected override async Task Round(CancellationToken cancellationToken)
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
}
