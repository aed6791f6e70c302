using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Devices;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

/// <summary>Who is in, and what each gate did. Kept with each scan, never counted anew.</summary>
internal static class GetCounts
{
    /// <param name="Tickets">That may be let in.</param>
    /// <param name="Admitted">That were let in at least once.</param>
    /// <param name="Inside">In minus out. Whoever was let in against the rules comes on top: see conflicts.</param>
    public sealed record Response(int Tickets, int Admitted, int Inside, int Conflicts, IReadOnlyList<Gate> Gates, long Sequence);

    public sealed record Gate(string Name, int In, int Out, int Refused, int Conflicts);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/events/{eventId:guid}/door/counts", Handle).RequireDeviceOrPermission("checkin.scan").WithName("GetCounts");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, Scanner scanner, Documents<EventAtDoor> events, Streams streams, CancellationToken cancellationToken)
    {
        if (await events.Own(eventId, scanner, cancellationToken) is null)
        {
            return EventAtDoor.Unknown.ToProblem();
        }

        var (scans, _) = await streams.ReadScans(eventId, cancellationToken);
        var gates = scans.Gates.OrderBy(gate => gate.Key, StringComparer.Ordinal)
            .Select(gate => new Gate(gate.Key, gate.Value.In, gate.Value.Out, gate.Value.Refused, gate.Value.Conflicts));
        return TypedResults.Ok(new Response(
            scans.Occupancy.Tickets, scans.Occupancy.Admitted, scans.Occupancy.Inside, scans.Conflicts.Count, [.. gates], scans.Sequence));
    }
}
