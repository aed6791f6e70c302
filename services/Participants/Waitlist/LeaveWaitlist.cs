using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Inventory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Waitlist;

/// <summary>Waits no more, or declines the offer.</summary>
internal static class LeaveWaitlist
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapDelete("/events/{eventId:guid}/waitlist/{entryId:guid}", Handle).RequireParticipant().WithName("LeaveWaitlist");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid entryId, CurrentUser user, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (_, refusal) = await streams.DecideInventory(eventId, state => state.Leave(entryId, user.Id, now), cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
