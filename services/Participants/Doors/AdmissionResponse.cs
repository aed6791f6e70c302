using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;

namespace EventFly.Participants.Doors;

/// <summary>Whom a scan let in.</summary>
internal sealed record AdmissionResponse(
    Guid TicketId, Guid OrderId, Guid ScanId, TicketStatus Status, string AttendeeName, string TicketTypeName, DateTimeOffset AdmittedAt, string Gate)
{
    public static AdmissionResponse Of(Ticket ticket, Entry entry) => new(
        ticket.TicketId, ticket.OrderId, entry.Scan.ScanId, TicketStatus.Admitted, ticket.AttendeeName, ticket.TicketTypeName, entry.Scan.At, entry.Scan.Gate);
}
