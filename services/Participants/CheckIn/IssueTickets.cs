using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Participants.Orders;

namespace EventFly.Participants.CheckIn;

/// <summary>
/// Brings the tickets of an order in line with the order as it is now, whatever news led here. So the news may come twice and in any order.
/// </summary>
internal static class IssueTickets
{
    public static async Task Of(
        Guid orderId, Streams streams, Documents<Ticket> tickets, TicketSigner signer, CancellationToken cancellationToken)
    {
        var decided = await streams.ReadOrder(orderId, cancellationToken);
        var order = decided.OrThrow();
        if (order.ConfirmedAt is not { } confirmedAt)
        {
            throw new InvalidOperationException($"Order {orderId} has no tickets.");
        }

        foreach (var ordered in order.Details!.Tickets)
        {
            var issued = New(order.Details, ordered, confirmedAt, signer);
            (await tickets.Change(
                ordered.TicketId.ToString(),
                known => known is not null && known.Body.OrderRevision >= decided.Version
                    ? Decision.Nothing
                    : (known?.Body ?? issued) with { IsVoid = !order.HasTickets, OrderRevision = decided.Version },
                cancellationToken)).OrThrow();
        }
    }

    private static Ticket New(OrderDetails order, OrderedTicket ordered, DateTimeOffset confirmedAt, TicketSigner signer) => new(
        ordered.TicketId, order.OrderId, order.EventId, order.OrganizationId, order.BuyerId, ordered.TicketTypeId, ordered.TicketTypeName,
        ordered.Price, order.Currency, ordered.AttendeeName, ordered.AttendeeEmail,
        1, signer.Sign(ordered.TicketId, order.EventId, 1), false, confirmedAt, null, [], 0);
}
