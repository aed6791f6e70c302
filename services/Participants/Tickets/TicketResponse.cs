using EventFly.Participants.Orders;
using EventFly.Participants.Scans;

namespace EventFly.Participants.Tickets;

/// <summary>A ticket as its holder sees it, or as its buyer sees it who handed it over.</summary>
/// <param name="AttendeeName">Absent, like address, answers and code, where the ticket belongs to somebody else now.</param>
/// <param name="Code">What the QR code says; absent once the ticket is void.</param>
internal sealed record TicketResponse(
    Guid TicketId,
    Guid OrderId,
    Guid EventId,
    string EventName,
    DateTimeOffset? EventStartsAt,
    DateTimeOffset? EventEndsAt,
    string? Venue,
    bool EventCancelled,
    Guid TicketTypeId,
    string TicketTypeName,
    long Price,
    string Currency,
    string? AttendeeName,
    string? AttendeeEmail,
    TicketStatus Status,
    DateTimeOffset IssuedAt,
    DateTimeOffset? AdmittedAt,
    string? Code)
{
    /// <summary>False for the buyer of a ticket that was handed over.</summary>
    public bool HeldByYou { get; init; }

    public IReadOnlyList<Answer> Answers { get; init; } = [];

    /// <summary>Under way to somebody; its holder may withdraw it.</summary>
    public OpenTransfer? Transfer { get; init; }

    /// <summary>When it was last handed over.</summary>
    public DateTimeOffset? TransferredAt { get; init; }

    public sealed record OpenTransfer(Guid TransferId, Guid? RecipientId, DateTimeOffset Until);

    /// <param name="at">Null while the event's own news has not been heard.</param>
    /// <param name="door">Null while no door knows the ticket.</param>
    public static TicketResponse Of(Ticket ticket, EventAtDoor? at, TicketAtDoor? door, Guid viewer)
    {
        var isTheirs = ticket.Holder == viewer;
        return new TicketResponse(
            ticket.TicketId, ticket.OrderId, ticket.EventId, at?.Name ?? "", at?.StartsAt, at?.EndsAt, at?.Venue, at?.Cancelled ?? false,
            ticket.TicketTypeId, ticket.TicketTypeName, ticket.Price, ticket.Currency,
            isTheirs ? ticket.AttendeeName : null, isTheirs ? ticket.AttendeeEmail : null,
            ticket.StatusAt(door), ticket.IssuedAt, door?.First?.Scan.At, ticket.IsVoid || !isTheirs ? null : ticket.Code)
        {
            HeldByYou = isTheirs,
            Answers = isTheirs ? ticket.Answers : [],
            Transfer = isTheirs && ticket.Offer is { } offer ? new OpenTransfer(offer.TransferId, offer.RecipientId, offer.Until) : null,
            TransferredAt = ticket.Handovers.IsEmpty ? null : ticket.Handovers[^1].At,
        };
    }
}
