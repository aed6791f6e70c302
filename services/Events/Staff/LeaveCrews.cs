using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Events.Events;

namespace EventFly.Events.Staff;

/// <summary>Takes somebody off events.</summary>
internal sealed class LeaveCrews(Documents<Crew> crews, Documents<Event> events, ChangeCrew change, TimeProvider clock)
{
    /// <summary>Events that somebody works at at one time: their access token names each.</summary>
    public const int MostEvents = 50;

    private const int PageSize = 200;

    /// <summary>Off all events of the organisation.</summary>
    public async Task All(Guid accountId, Guid organizationId, CancellationToken cancellationToken)
    {
        // Whoever is taken off leaves the query, so each page is the first.
        while (true)
        {
            var page = await Of(accountId, cancellationToken);
            var here = page.Items.Where(crew => crew.Body.OrganizationId == organizationId).ToArray();
            foreach (var crew in here)
            {
                await Leave(crew.Body.EventId, accountId, cancellationToken);
            }

            if (page.Next is null || here.Length == 0)
            {
                return;
            }
        }
    }

    /// <summary>Whether there is room for one more event; those that are over make some.</summary>
    public async Task<bool> HasRoom(Guid accountId, CancellationToken cancellationToken)
    {
        var page = await Of(accountId, cancellationToken);
        var live = page.Items.Count;
        if (live < MostEvents)
        {
            return true;
        }

        foreach (var crew in page.Items)
        {
            if ((await events.Get(crew.Id, cancellationToken))?.Body is not { } of || of.Status is EventStatus.Cancelled || of.Details.EndsAt < clock.GetUtcNow().AddDays(-1))
            {
                await Leave(crew.Body.EventId, accountId, cancellationToken);
                live--;
            }
        }

        return live < MostEvents;
    }

    public async Task Leave(Guid eventId, Guid accountId, CancellationToken cancellationToken)
    {
        var (_, refusal) = await change.Do(
            eventId,
            crew => crew?.Assignments.FirstOrDefault(assignment => assignment.AccountId == accountId) is { } assignment
                ? crew.Remove(null, assignment, clock.GetUtcNow())
                : Decision.Nothing,
            cancellationToken);
        if (refusal is not null)
        {
            throw new InvalidOperationException($"{accountId} could not be taken off {eventId}: {refusal.Code}.");
        }
    }

    private Task<Page<Document<Crew>>> Of(Guid accountId, CancellationToken cancellationToken) =>
        crews.Query(new Query([new Where.Eq("accounts", accountId.ToString())], [], PageSize), cancellationToken);
}
