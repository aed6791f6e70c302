using System.Collections.Immutable;
using System.Diagnostics;
using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Participants.Orders;

/// <summary>Somebody who changes an order.</summary>
/// <param name="IsOrganizer">Acts for the order's organisation and may.</param>
public readonly record struct Editor(Guid Id, bool IsOrganizer);

/// <summary>What a buyer may give back after paying.</summary>
/// <param name="Until">Null: paid tickets are taken back by the organiser only.</param>
public readonly record struct CancellationTerms(DateTimeOffset StartsAt, DateTimeOffset? Until, int FeePercent);

public sealed partial record Order
{
    private const int MostChanges = 200;

    private static Refusal TicketUnknown { get; } = Refusal.NotFound("ticket-unknown", "The order has no such ticket.");

    /// <summary>Another name or address for a ticket: by the one whose ticket it is, until <paramref name="until"/>, or by the organiser.</summary>
    public Decision<OrderEvent> NameAttendee(Guid ticketId, string name, string email, Editor editor, DateTimeOffset until, DateTimeOffset now)
    {
        if (ChangeRefusal(ticketId, editor, until, now) is { } refusal)
        {
            return refusal;
        }

        var ticket = TicketOf(ticketId)!;
        return Attendees.PersonRefusal(name, email) is { } fault ? fault
            : ticket.AttendeeName == name.Trim() && ticket.AttendeeEmail == email.Trim() ? Decision.Nothing
            : new AttendeeNamed(ticketId, name.Trim(), email.Trim(), editor.Id, now);
    }

    /// <summary>Other answers for a ticket. Whether they are answers to what is asked was looked at before.</summary>
    public Decision<OrderEvent> Answer(Guid ticketId, IReadOnlyList<Answer> answers, Editor editor, DateTimeOffset until, DateTimeOffset now) =>
        ChangeRefusal(ticketId, editor, until, now) is { } refusal ? refusal
        : TicketOf(ticketId)!.Answers.SayTheSameAs(answers) ? Decision.Nothing
        : new QuestionsAnswered(ticketId, answers, editor.Id, now);

    /// <summary>The ticket has another holder. Nothing when that, or a later one, is known.</summary>
    public Decision<OrderEvent> HandOver(
        Guid ticketId, Guid holderId, string name, string email, IReadOnlyList<Answer> answers, int number, DateTimeOffset at) => TicketOf(ticketId) switch
        {
            null => TicketUnknown,
            var ticket when ticket.Handovers >= number => Decision.Nothing,
            _ => new TicketHandedOver(ticketId, holderId, name, email, answers, number, at),
        };

    /// <summary>The buyer does without some of the tickets: before the payment they are dropped, after it they go back by the organiser's terms.</summary>
    public Decision<OrderEvent> CancelTickets(Guid buyerId, IReadOnlyList<Guid> ticketIds, CancellationTerms terms, DateTimeOffset now)
    {
        if (Details is not { } details || details.BuyerId != buyerId)
        {
            return Unknown;
        }

        for (var index = 0; index < ticketIds.Count; index++)
        {
            if (!details.Tickets.Any(ticket => ticket.TicketId == ticketIds[index]))
            {
                return Refusal.Unprocessable("ticket-unknown", "The order has no such ticket.", $"ticketIds[{index}]");
            }
        }

        OrderedTicket[] meant = [.. Tickets.Where(ticket => !ticket.IsVoid && ticketIds.Contains(ticket.TicketId))];
        return this switch
        {
            _ when meant.Length == 0 => Decision.Nothing,
            { Status: OrderStatus.Placed } when meant.Length == Tickets.Count => new OrderCancelled("cancelled-by-buyer", now),
            { Status: OrderStatus.Placed } => new TicketsDropped(IdsOf(meant), Math.Max(0, Amount - PriceOf(meant)), now),
            { HasTickets: false } => Refusal.Conflict("order-closed", "The order is closed."),
            _ when meant.Any(ticket => ticket.HolderId is { } holder && holder != buyerId) =>
                Refusal.Conflict("ticket-transferred", "This ticket belongs to somebody else now."),
            { PaymentId: null } when now < terms.StartsAt => TakeBack(DerivedId.From(meant[0].TicketId, "cancellation"), meant, 0, "cancelled-by-buyer", now),
            { PaymentId: null } => Refusal.Conflict("cancellation-closed", "It is too late to give these tickets back."),
            _ when terms.Until is null => Refusal.Conflict("order-paid", "The order is paid. Ask the organiser for a refund."),
            _ when now >= terms.Until => Refusal.Conflict("cancellation-closed", "It is too late to give these tickets back."),
            _ => TakeBack(
                DerivedId.From(meant[0].TicketId, "cancellation"), meant, PriceOf(meant) - (PriceOf(meant) * terms.FeePercent / 100), "cancelled-by-buyer", now),
        };
    }

    private OrderedTicket? TicketOf(Guid ticketId) => Tickets.Find(ticket => ticket.TicketId == ticketId);

    private Refusal? ChangeRefusal(Guid ticketId, Editor editor, DateTimeOffset until, DateTimeOffset now) => (TicketOf(ticketId), this) switch
    {
        (_, { Details: null }) => Unknown,
        (var ticket, _) when !editor.IsOrganizer && editor.Id != Details!.BuyerId && (ticket?.HolderId is not { } holder || holder != editor.Id) => Unknown,
        (null, _) => TicketUnknown,
        ({ HolderId: { } holder }, _) when !editor.IsOrganizer && holder != editor.Id =>
            Refusal.Conflict("ticket-transferred", "This ticket belongs to somebody else now."),
        ({ IsVoid: true }, _) => Refusal.Conflict("ticket-void", "This ticket was refunded or cancelled."),
        (_, { Status: OrderStatus.Expired or OrderStatus.Cancelled or OrderStatus.Refused }) => Refusal.Conflict("order-closed", "The order is closed."),
        _ when !editor.IsOrganizer && now >= until => Refusal.Conflict("changes-closed", "It is too late to change this."),
        _ when !editor.IsOrganizer && Changes.Count >= MostChanges => Refusal.Conflict("too-many-changes", "This order was changed too often. Ask the organiser."),
        _ => null,
    };

    private Order Changed(OrderEvent happened) => happened switch
    {
        AttendeeNamed named => WithTicket(named.TicketId, ticket => ticket with { AttendeeName = named.Name, AttendeeEmail = named.Email }) with
        {
            Changes = Changes.Add(new OrderChange(named.At, "attendee-named", [named.TicketId], named.By, TicketOf(named.TicketId)?.AttendeeName)),
        },
        QuestionsAnswered answered => WithTicket(answered.TicketId, ticket => ticket with { Answers = answered.Answers }) with
        {
            Changes = Changes.Add(new OrderChange(answered.At, "questions-answered", [answered.TicketId], answered.By)),
        },
        TicketsDropped dropped => this with
        {
            Tickets = Tickets.RemoveAll(ticket => dropped.TicketIds.Contains(ticket.TicketId)),
            Amount = dropped.Amount,
            Asked = Asked.Add(dropped.Amount),
            Changes = Changes.Add(new OrderChange(dropped.At, "tickets-dropped", dropped.TicketIds, Details!.BuyerId)),
        },
        TicketHandedOver over => WithTicket(over.TicketId, ticket => ticket with
        {
            HolderId = over.HolderId, AttendeeName = over.Name, AttendeeEmail = over.Email, Answers = over.Answers, Handovers = over.Number,
        }) with
        {
            Changes = Changes.Add(new OrderChange(over.At, "ticket-handed-over", [over.TicketId], over.HolderId, TicketOf(over.TicketId)?.AttendeeName)),
        },
        _ => throw new UnreachableException(),
    };

    private Order WithTicket(Guid ticketId, Func<OrderedTicket, OrderedTicket> change) => this with
    {
        Tickets = Tickets.ConvertAll(ticket => ticket.TicketId == ticketId ? change(ticket) : ticket),
    };

    private Order WithVoid(IReadOnlyList<Guid> ticketIds, Guid? by) => this with
    {
        Tickets = Tickets.ConvertAll(ticket => !ticket.IsVoid && ticketIds.Contains(ticket.TicketId) ? ticket with { IsVoid = true, VoidedBy = by } : ticket),
    };

    private static long PriceOf(IEnumerable<OrderedTicket> tickets) => tickets.Sum(ticket => ticket.Price);

    private static Guid[] IdsOf(IEnumerable<OrderedTicket> tickets) => [.. tickets.Select(ticket => ticket.TicketId)];
}
