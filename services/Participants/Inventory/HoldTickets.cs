using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Events;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace EventFly.Participants.Inventory;

internal static class HoldTickets
{
    public sealed record Request([MinLength(1), MaxLength(20)] IReadOnlyList<Line> Lines)
    {
        /// <summary>Makes tickets cheaper or unlocks hidden ones. Capitals do not matter.</summary>
        [MaxLength(100)]
        public string? Code { get; init; }
    }

    public readonly record struct Line(Guid TicketTypeId, [Range(1, TicketInventory.MostPerHold)] int Quantity);

    public sealed record Response(
        Guid OrderId, Guid EventId, AllotmentStatus Status, IReadOnlyList<PricedLine> Lines, long Amount, string Currency, DateTimeOffset HeldUntil);

    /// <summary>Tickets of one price: a party may stand in several lines of a type.</summary>
    /// <param name="ListPrice">In minor units, without the code.</param>
    /// <param name="Tier">The early tier that made the price.</param>
    /// <param name="DemandFrom">The percentage at which the demand step began that made the price.</param>
    public sealed record PricedLine(Guid TicketTypeId, string TicketTypeName, int Quantity, long UnitPrice, long ListPrice, string? Tier, int? DemandFrom);

    // PUT, because the buyer's app picks the order id: sending it again changes nothing.
    public static void Map(RouteGroupBuilder api) =>
        api.MapPut("/events/{eventId:guid}/holds/{orderId:guid}", Handle).RequireParticipant().WithName("HoldTickets");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, Guid orderId, Request request, CurrentUser user, HttpContext http,
        Streams streams, CodeTries tries, IOptions<InventoryOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var lines = request.Lines.Select(line => new WantedLine(line.TicketTypeId, line.Quantity)).ToArray();
        var codeHash = request.Code is { } code ? PromoCodeTerms.HashOf(eventId, code) : null;
        if (codeHash is not null && tries.RefuseMore(http) is { } wait)
        {
            return wait.ToProblem();
        }

        var (inventory, refusal) = await streams.DecideInventory(
            eventId, state => state.Hold(orderId, user.Id, lines, clock.GetUtcNow(), options.Value.HoldTime, codeHash), cancellationToken);
        if (refusal is not null)
        {
            tries.Note(http, refusal);
            return refusal.ToProblem();
        }

        var held = inventory.Allotments[orderId];
        return TypedResults.Ok(new Response(orderId, eventId, held.Status, [.. held.Lines.Select(Of)], held.Amount, held.Currency, held.Until));
    }

    private static PricedLine Of(HeldLine line) => new(
        line.TicketTypeId, line.TicketTypeName, line.Quantity, line.UnitPrice, line.ListPrice ?? line.UnitPrice, line.Tier, line.DemandFrom);
}
