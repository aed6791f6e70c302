using EventFly.Contracts.Participants;
using Said = EventFly.Contracts.Participants;

namespace EventFly.Participants.Orders;

internal static class Announcements
{
    public static IEnumerable<object> Of(OrderEvent happened, Order order)
    {
        var details = order.Details!;
        switch (happened)
        {
            case OrderPlaced:
                yield return new Said.OrderPlaced(
                    details.OrderId, details.EventId, details.OrganizationId, details.BuyerId, details.Amount, details.Currency, details.PayBy)
                {
                    Tickets = details.Tickets.Count,
                };
                break;
            case OrderConfirmed confirmed:
                yield return new Said.OrderConfirmed(
                    details.OrderId, details.EventId, details.OrganizationId, details.BuyerId, order.Amount, details.Currency, confirmed.PaymentId,
                    [.. order.Tickets.Select(ticket => new ConfirmedTicket(
                        ticket.TicketId, ticket.TicketTypeId, ticket.TicketTypeName, ticket.Price, ticket.AttendeeName, ticket.AttendeeEmail))]);
                break;
            case OrderExpired:
                yield return new OrderClosed(details.OrderId, details.EventId, details.OrganizationId, "expired");
                break;
            case OrderCancelled cancelled:
                yield return new OrderClosed(details.OrderId, details.EventId, details.OrganizationId, cancelled.Reason);
                break;
            case SaleRefused refused when order.Status is OrderStatus.Refused:
                yield return new OrderClosed(
                    details.OrderId, details.EventId, details.OrganizationId, refused.Reason == "event-cancelled" ? "event-cancelled" : "expired");
                break;
            case TicketsVoided voided:
                yield return new Said.TicketsVoided(details.OrderId, details.EventId, [.. order.Tickets.Select(ticket => ticket.TicketId)], voided.Reason);
                break;
            case TicketsTakenBack taken:
                yield return new Said.TicketsVoided(details.OrderId, details.EventId, taken.TicketIds, taken.Reason);
                break;
            case TicketsDropped:
                yield return Changed(order, "tickets-dropped");
                break;
            case AttendeeNamed:
                yield return Changed(order, "attendee-named");
                break;
            case QuestionsAnswered:
                yield return Changed(order, "questions-answered");
                break;
            case TicketHandedOver:
                yield return Changed(order, "ticket-handed-over");
                break;
            case RefundRequested requested:
                yield return new Said.RefundRequested(
                    requested.RefundId, requested.PaymentId, details.OrderId, details.EventId, details.OrganizationId,
                    requested.Amount, requested.Currency, requested.Reason);
                break;
            default:
                break;
        }
    }

    private static OrderChanged Changed(Order order, string what) => new(
        order.Details!.OrderId, order.Details.EventId, order.Details.OrganizationId, order.Details.BuyerId, order.Amount, order.Details.Currency, order.Details.PayBy,
        order.Tickets.Count(ticket => !ticket.IsVoid), what);
}
