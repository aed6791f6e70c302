using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Participants.Devices;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;

namespace EventFly.Participants.Doors;

/// <summary>A scan at a door that asks before it opens.</summary>
/// <param name="CodeVersion">Null for a ticket that was found by hand.</param>
internal sealed record AskedScan(Guid ScanId, Direction Direction, string Gate, DateTimeOffset? DeviceTime, int? CodeVersion);

internal static class AnswerScan
{
    /// <returns>What the log says of it, or a refusal.</returns>
    public static async Task<(Entry? Entry, Refusal? Refusal)> Of(
        AskedScan asked, Guid eventId, Document<Ticket> ticket, Scanner scanner, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (gate, now, facts) = (asked.Gate.Trim(), clock.GetUtcNow(), ticket.Body.ForDoors(ticket.Version));
        if (scanner.Device?.StandsAt(gate) is false)
        {
            return (null, DoorRefusals.NotThisGate);
        }

        var scan = new Scan(
            asked.ScanId, facts.TicketId, asked.CodeVersion, asked.Direction, gate, now, now, asked.DeviceTime, scanner.Id, scanner.Device is not null, false)
        {
            Fault = scanner.Device?.Admits(facts.TicketTypeId) is false ? "ticket-type-not-of-device" : null,
        };
        var (scans, refusal) = await streams.DecideScans(eventId, log => log.Answer(eventId, scan, facts, now), cancellationToken);
        if (refusal is not null)
        {
            return (null, refusal);
        }

        var entry = scans.EntryOf(asked.ScanId)!;
        return entry.Undone is not null || !entry.Scan.LetIn ? (null, DoorRefusals.Of(entry, scans)) : (entry, null);
    }

    public static Refusal? RefusalOf(ReadCode read) => read switch
    {
        { Fault: "code-unreadable" } => Refusal.Unprocessable("code-unreadable", "This is no ticket code.", "code"),
        { Fault: "code-forged" } => Refusal.Unprocessable("code-forged", "This code was not made here.", "code"),
        { Fault: "code-of-other-event" } => Refusal.Unprocessable("code-of-other-event", "This ticket is for another event.", "code"),
        { Ticket: null } => Refusal.Conflict("ticket-unknown", "This ticket is not here yet. Scan it again in a moment."),
        _ => null,
    };
}
