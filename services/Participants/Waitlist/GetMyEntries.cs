using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Inventory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Waitlist;

/// <summary>Own parties that wait at an event or have an offer.</summary>
internal static class GetMyEntries
{
    public sealed record Response(IReadOnlyList<EntryResponse> Items);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/events/{eventId:guid}/waitlist/mine", Handle).RequireParticipant().WithName("GetMyWaitlistEntries");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, CurrentUser user, HttpResponse http, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (inventory, refusal) = await streams.ReadInventory(eventId, cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.Headers.CacheControl = "no-store";
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new Response([.. inventory.Waiting.LiveOf(user.Id).Select(entry => EntryResponse.Of(entry, inventory, now))]));
    }
}
