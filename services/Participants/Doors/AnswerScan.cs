using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Participants.Devices;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;

namespace EventFly.Participants.Doors;

/// <summary>What a door sends that reads a code.</summary>
/// <param name="ScanId">Chosen by the device; sending the same scan again gets the same answer.</param>
/// <param name="Code">What the QR code says.</param>
public sealed record CodeScan(
    Guid ScanId, [MaxLength(1000)] string Code, [MinLength(1), MaxLength(100)] string Gate, DateTimeOffset? DeviceTime = null);

/// <param name="CodeVersion">Null for a ticket that was found by hand.</param>
internal sealed record AskedScan(Guid ScanId, Direction Direction, string Gate, DateTimeOffset? DeviceTime, int? CodeVersion);

/// <summary>A scan at a door that asks before it opens: what the log says of it, or a refusal.</summary>
internal sealed class AnswerScan(
    Documents<Ticket> tickets, Documents<EventAtDoor> events, Streams streams, TicketSigner signer, TimeProvider clock)
{
    public async Task<(Ticket? Ticket, Entry? Entry, Refusal? Refusal)> ToCode(
        Guid eventId, Direction direction, CodeScan scan, Scanner scanner, CancellationToken cancellationToken)
    {
        if (await events.Own(eventId, scanner, cancellationToken) is null)
        {
            return (null, null, EventAtDoor.Unknown);
        }

        var read = await ReadCode.Of(scan.Code, eventId, tickets, signer, cancellationToken);
        return RefusalOf(read) is { } unread
            ? (null, null, unread)
            : await To(
                new AskedScan(scan.ScanId, direction, scan.Gate, scan.DeviceTime, read.Code!.Version), eventId, read.Ticket!, scanner, cancellationToken);
    }

    public async Task<(Ticket? Ticket, Entry? Entry, Refusal? Refusal)> ByHand(
        Guid eventId, Guid ticketId, AskedScan asked, Scanner scanner, CancellationToken cancellationToken)
    {
        if (await events.Own(eventId, scanner, cancellationToken) is null)
        {
            return (null, null, EventAtDoor.Unknown);
        }

        return await tickets.Get(ticketId.ToString(), cancellationToken) is { } ticket && ticket.Body.EventId == eventId
            ? await To(asked, eventId, ticket, scanner, cancellationToken)
            : (null, null, Refusal.NotFound("ticket-unknown", "There is no such ticket."));
    }

    private async Task<(Ticket? Ticket, Entry? Entry, Refusal? Refusal)> To(
        AskedScan asked, Guid eventId, Document<Ticket> ticket, Scanner scanner, CancellationToken cancellationToken)
    {
        var (gate, now, facts) = (asked.Gate.Trim(), clock.GetUtcNow(), ticket.Body.ForDoors(ticket.Version));
        if (scanner.Device?.StandsAt(gate) is false)
        {
            return (null, null, DoorRefusals.NotThisGate);
        }

        var scan = new Scan(
            asked.ScanId, facts.TicketId, asked.CodeVersion, asked.Direction, gate, now, now, asked.DeviceTime, scanner.Id, scanner.Device is not null, false)
        {
            Fault = scanner.Device?.Admits(facts.TicketTypeId) is false ? "ticket-type-not-of-device" : null,
        };
        var (scans, refusal) = await streams.DecideScans(eventId, log => log.Answer(eventId, scan, facts, now), cancellationToken);
        if (refusal is not null)
        {
            return (null, null, refusal);
        }

        var entry = scans.EntryOf(asked.ScanId)!;
        return entry.Undone is not null || !entry.Scan.LetIn ? (null, null, DoorRefusals.Of(entry, scans)) : (ticket.Body, entry, null);
    }

    private static Refusal? RefusalOf(ReadCode read) => read switch
    {
        { Fault: "code-unreadable" } => Refusal.Unprocessable("code-unreadable", "This is no ticket code.", "code"),
        { Fault: "code-forged" } => Refusal.Unprocessable("code-forged", "This code was not made here.", "code"),
        { Fault: "code-of-other-event" } => Refusal.Unprocessable("code-of-other-event", "This ticket is for another event.", "code"),
        { Ticket: null } => Refusal.Conflict("ticket-unknown", "This ticket is not here yet. Scan it again in a moment."),
        _ => null,
    };
}
