using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Devices;
using EventFly.Participants.Scans;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

/// <summary>Whoever leaves is never kept, whatever the log says of it.</summary>
internal static class CheckOutTicket
{
    /// <param name="WasInside">False where no admission is known, or not yet.</param>
    public sealed record Response(Guid TicketId, Guid ScanId, DateTimeOffset ExitedAt, string Gate, bool WasInside);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/events/{eventId:guid}/exits", Handle).RequireDeviceOrPermission("checkin.scan").WithName("CheckOutTicket");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, CodeScan request, Scanner scanner, AnswerScan answer, CancellationToken cancellationToken)
    {
        var (ticket, entry, refusal) = await answer.ToCode(eventId, Direction.Out, request, scanner, cancellationToken);
        return refusal is null
            ? TypedResults.Ok(new Response(ticket!.TicketId, request.ScanId, entry!.Scan.At, entry.Scan.Gate, entry.Outcome is ScanOutcome.Exited))
            : refusal.ToProblem();
    }
}
