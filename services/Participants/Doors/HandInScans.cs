using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Devices;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

/// <summary>Scans from a door that could not ask. The door has acted already; here it is written down and compared with all other doors.</summary>
internal static class HandInScans
{
    public const int MostScans = 500;

    /// <param name="DeviceNow">The device's clock as it sends this: scans are put in their place by ours.</param>
    public sealed record Request(DateTimeOffset DeviceNow, [MaxLength(MostScans)] IReadOnlyList<OfflineScan> Scans);

    /// <param name="Code">What the QR code says; or else the ticket id.</param>
    /// <param name="TicketId">For a ticket that was found by hand.</param>
    /// <param name="LetIn">What the door did.</param>
    /// <param name="Because">Why it let nobody in, in a word of the device.</param>
    public sealed record OfflineScan(
        Guid ScanId,
        [MinLength(1), MaxLength(100)] string Gate,
        DateTimeOffset DeviceTime,
        bool LetIn,
        [MaxLength(1000)] string? Code = null,
        Guid? TicketId = null,
        Direction Direction = Direction.In,
        [MaxLength(100)] string? Because = null);

    /// <param name="ClockBehindSeconds">By how much the device's clock was taken to be behind ours.</param>
    public sealed record Response(IReadOnlyList<Result> Results, double ClockBehindSeconds);

    /// <param name="IsKept">False when it is not in the log: reason says why.</param>
    /// <param name="Outcome">What it comes to among all scans that are known now.</param>
    public sealed record Result(Guid ScanId, bool IsKept, ScanOutcome? Outcome, string? Reason, Guid? Against);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/events/{eventId:guid}/checkins/batch", Handle).RequireDeviceOrPermission("checkin.scan").WithName("HandInScans");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, Request request, Scanner scanner,
        Documents<Ticket> tickets, Documents<EventAtDoor> events, Streams streams, TicketSigner signer, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await events.Own(eventId, scanner, cancellationToken) is null)
        {
            return EventAtDoor.Unknown.ToProblem();
        }

        var now = clock.GetUtcNow();
        var device = new DeviceClock(request.DeviceNow, now);
        var (taken, facts) = (new List<Scan>(request.Scans.Count), new Dictionary<Guid, TicketFacts>());
        foreach (var offline in request.Scans)
        {
            var (read, ticketId) = offline switch
            {
                { Code: { } code } => (await ReadCode.Of(code, eventId, tickets, signer, cancellationToken)) is var found ? (found, found.Code?.TicketId) : default,
                { TicketId: { } byHand } => (new ReadCode(null, null, await tickets.Get(byHand.ToString(), cancellationToken)), byHand),
                _ => (new ReadCode("code-unreadable", null, null), null),
            };
            var ticket = read.Ticket;
            if (ticket is not null && ticket.Body.EventId != eventId)
            {
                (read, ticketId, ticket) = (read with { Fault = "code-of-other-event" }, null, null);
            }

            if (ticket is not null)
            {
                facts[ticket.Body.TicketId] = ticket.Body.ForDoors(ticket.Version);
            }

            var gate = offline.Gate.Trim();
            taken.Add(new Scan(
                offline.ScanId, ticketId, read.Code?.Version, offline.Direction, gate, device.ToOurs(offline.DeviceTime), now, offline.DeviceTime,
                scanner.Id, scanner.Device is not null, offline.LetIn || offline.Direction is Direction.Out)
            {
                Fault = read.Fault
                    ?? (scanner.Device?.StandsAt(gate) is false ? "gate-not-of-device"
                    : ticket is not null && scanner.Device?.Admits(ticket.Body.TicketTypeId) is false ? "ticket-type-not-of-device"
                    : null),
                Because = offline.LetIn ? null : offline.Because?.Trim() ?? "refused-at-door",
                ClockBehind = device.Behind == TimeSpan.Zero ? null : device.Behind.TotalSeconds,
            });
        }

        var (scans, refusal) = await streams.DecideScans(eventId, log => log.Merge(eventId, taken, [.. facts.Values], now), cancellationToken);
        return refusal is null
            ? TypedResults.Ok(new Response([.. taken.Select(scan => ResultOf(scan, scans))], device.Behind.TotalSeconds))
            : refusal.ToProblem();
    }

    private static Result ResultOf(Scan scan, ScanLog scans) => scans.EntryOf(scan.ScanId) switch
    {
        null => new Result(scan.ScanId, false, null, "not-counted", null),
        var entry when entry.Scan.TicketId != scan.TicketId => new Result(scan.ScanId, false, null, "scan-taken", null),
        var entry => new Result(scan.ScanId, true, entry.Outcome, entry.Reason, entry.Against),
    };
}
