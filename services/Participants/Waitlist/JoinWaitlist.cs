using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Inventory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Waitlist;

/// <summary>Waits as a party for what is sold out. Sending it again changes nothing and says how it stands.</summary>
internal static class JoinWaitlist
{
    public sealed record Request([MinLength(1), MaxLength(TicketInventory.MostTypesPerParty)] IReadOnlyList<Line> Lines);

    public readonly record struct Line(Guid TicketTypeId, [Range(1, TicketInventory.MostPerParty)] int Quantity);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPut("/events/{eventId:guid}/waitlist/{entryId:guid}", Handle).RequireParticipant().WithName("JoinWaitlist");

    private static async Task<Results<Ok<EntryResponse>, ProblemHttpResult>> Handle(
        Guid eventId, Guid entryId, Request request, CurrentUser user, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var lines = request.Lines.Select(line => new WantedLine(line.TicketTypeId, line.Quantity)).ToArray();
        var (inventory, refusal) = await streams.DecideInventory(eventId, state => state.Join(entryId, user.Id, lines, now), cancellationToken);
        return refusal is null ? TypedResults.Ok(EntryResponse.Of(inventory.Waiting.Entries[entryId], inventory, now)) : refusal.ToProblem();
    }
}
