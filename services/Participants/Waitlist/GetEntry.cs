using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Inventory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Waitlist;

/// <summary>How one's own party stands.</summary>
internal static class GetEntry
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/events/{eventId:guid}/waitlist/{entryId:guid}", Handle).RequireParticipant().WithName("GetWaitlistEntry");

    private static async Task<Results<Ok<EntryResponse>, ProblemHttpResult>> Handle(
        Guid eventId, Guid entryId, CurrentUser user, HttpResponse http, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (inventory, refusal) = await streams.ReadInventory(eventId, cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.Headers.CacheControl = "no-store";
        return inventory.Waiting.Entries.GetValueOrDefault(entryId) is { } entry && entry.BuyerId == user.Id
            ? TypedResults.Ok(EntryResponse.Of(entry, inventory, clock.GetUtcNow()))
            : TicketInventory.EntryUnknown.ToProblem();
    }
}
