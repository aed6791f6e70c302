using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Participants.Orders;
using EventFly.Participants.Scans;

namespace EventFly.Participants.Tickets;

/// <summary>
/// Brings the tickets of an order in line with the order as it is now, whatever news led here. So the news may come twice and in any order.
/// </summary>
internal static class IssueTickets
{
    public static async Task Of(
        Guid orderId, Streams streams, Documents<Ticket> tickets, TicketSigner signer, TimeProvider clock, CancellationToken cancellationToken)
    {
        var decided = await streams.ReadOrder(orderId, cancellationToken);
        var order = decided.OrThrow();
        if (order.ConfirmedAt is not { } confirmedAt)
        {
            throw new InvalidOperationException($"Order {orderId} has no tickets.");
        }

        List<TicketFacts> facts = [];
        foreach (var ordered in order.Tickets)
        {
            var issued = New(order.Details!, ordered, confirmedAt, signer);
            var changed = await tickets.Change(
                ordered.TicketId.ToString(),
                known => known is not null && known.Body.OrderRevision >= decided.Version
                    ? Decision.Nothing
                    : (known?.Body ?? issued).InLineWith(ordered, decided.Version),
                cancellationToken);
            changed.OrThrow();
            facts.Add(changed.Document!.Body.ForDoors(changed.Document.Version));
        }

        await TellDoors(order.Details!.EventId, facts, streams, clock, cancellationToken);
    }

    /// <summary>Whoever changes a ticket's code, its attendee or whether it is void tells the doors.</summary>
    public static async Task TellDoors(
        Guid eventId, IReadOnlyList<TicketFacts> tickets, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        (await streams.DecideScans(eventId, scans => scans.Learn(eventId, tickets, now), cancellationToken)).OrThrow();
    }

    private static Ticket New(OrderDetails order, OrderedTicket ordered, DateTimeOffset confirmedAt, TicketSigner signer) => new(
        ordered.TicketId, order.OrderId, order.EventId, order.OrganizationId, order.BuyerId, ordered.TicketTypeId, ordered.TicketTypeName,
        ordered.Price, order.Currency, ordered.AttendeeName, ordered.AttendeeEmail,
        1, signer.Sign(ordered.TicketId, order.EventId, 1), false, confirmedAt, 0);
}
