using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Devices;
using EventFly.Participants.Scans;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

internal static class CheckInTicket
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/events/{eventId:guid}/checkins", Handle).RequireDeviceOrPermission("checkin.scan").WithName("CheckInTicket");

    private static async Task<Results<Ok<AdmissionResponse>, ProblemHttpResult>> Handle(
        Guid eventId, CodeScan request, Scanner scanner, AnswerScan answer, CancellationToken cancellationToken)
    {
        var (ticket, entry, refusal) = await answer.ToCode(eventId, Direction.In, request, scanner, cancellationToken);
        return refusal is null ? TypedResults.Ok(AdmissionResponse.Of(ticket!, entry!)) : refusal.ToProblem();
    }
}
