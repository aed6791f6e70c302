using EventFly.Participants.Scans;

namespace EventFly.Participants.CheckIn;

/// <summary>A ticket as its buyer sees it.</summary>
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
    string AttendeeName,
    string AttendeeEmail,
    TicketStatus Status,
    DateTimeOffset IssuedAt,
    DateTimeOffset? AdmittedAt,
    string? Code)
{
    /// <param name="at">Null while the event's own news has not been heard.</param>
    /// <param name="door">Null while no door knows the ticket.</param>
    public static TicketResponse Of(Ticket ticket, EventAtDoor? at, TicketAtDoor? door) => new(
        ticket.TicketId, ticket.OrderId, ticket.EventId, at?.Name ?? "", at?.StartsAt, at?.EndsAt, at?.Venue, at?.Cancelled ?? false,
        ticket.TicketTypeId, ticket.TicketTypeName, ticket.Price, ticket.Currency, ticket.AttendeeName, ticket.AttendeeEmail,
        ticket.StatusAt(door), ticket.IssuedAt, door?.First?.Scan.At, ticket.IsVoid ? null : ticket.Code);
}
