using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Inventory;

internal static class ReleaseHold
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapDelete("/events/{eventId:guid}/holds/{orderId:guid}", Handle).RequireParticipant().WithName("ReleaseHold");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid orderId, CurrentUser user, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (_, refusal) = await streams.DecideInventory(eventId, state => state.Release(orderId, user.Id, clock.GetUtcNow()), cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
