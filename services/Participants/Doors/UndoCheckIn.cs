using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Devices;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

/// <summary>Takes any scan back. It stays in the log with who took it back and why, and counts no more.</summary>
internal static class UndoCheckIn
{
    public sealed record Reason([property: MaxLength(500)] string? Why = null);

    public static void Map(RouteGroupBuilder api) =>
        api.MapDelete("/events/{eventId:guid}/checkins/{scanId:guid}", Handle).RequireDeviceOrPermission("checkin.scan").WithName("UndoCheckIn");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid scanId, [AsParameters] Reason reason, Scanner scanner,
        Documents<EventAtDoor> events, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await events.Own(eventId, scanner, cancellationToken) is null)
        {
            return EventAtDoor.Unknown.ToProblem();
        }

        var undoing = new Undoing(scanner.Id, scanner.Device is not null, reason.Why?.Trim() ?? "", clock.GetUtcNow());
        var (_, refusal) = await streams.DecideScans(eventId, scans => scans.Undo(scanId, undoing), cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
