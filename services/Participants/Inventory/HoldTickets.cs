using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace EventFly.Participants.Inventory;

internal static class HoldTickets
{
    public sealed record Request([MinLength(1), MaxLength(20)] IReadOnlyList<Line> Lines);

    public readonly record struct Line(Guid TicketTypeId, [Range(1, TicketInventory.MostPerHold)] int Quantity);

    public sealed record Response(
        Guid OrderId, Guid EventId, AllotmentStatus Status, IReadOnlyList<HeldLine> Lines, long Amount, string Currency, DateTimeOffset HeldUntil);

    // PUT, because the buyer's app picks the order id: sending it again changes nothing.
    public static void Map(RouteGroupBuilder api) =>
        api.MapPut("/events/{eventId:guid}/holds/{orderId:guid}", Handle).RequireParticipant().WithName("HoldTickets");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, Guid orderId, Request request, CurrentUser user,
        Streams streams, IOptions<InventoryOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var lines = request.Lines.Select(line => new WantedLine(line.TicketTypeId, line.Quantity)).ToArray();
        var (inventory, refusal) = await streams.DecideInventory(
            eventId, state => state.Hold(orderId, user.Id, lines, clock.GetUtcNow(), options.Value.HoldTime), cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        var held = inventory.Allotments[orderId];
        return TypedResults.Ok(new Response(orderId, eventId, held.Status, held.Lines, held.Amount, held.Currency, held.Until));
    }
}
