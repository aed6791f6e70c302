using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Devices;
using EventFly.Participants.Scans;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

/// <summary>For somebody whose code cannot be read, found by name or order (<see cref="SearchAtDoor"/>).</summary>
internal static class CheckInByHand
{
    public sealed record Request(Guid ScanId, [MinLength(1), MaxLength(100)] string Gate, DateTimeOffset? DeviceTime = null);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/events/{eventId:guid}/tickets/{ticketId:guid}/checkins", Handle).RequireDeviceOrPermission("checkin.scan").WithName("CheckInByHand");

    private static async Task<Results<Ok<AdmissionResponse>, ProblemHttpResult>> Handle(
        Guid eventId, Guid ticketId, Request request, Scanner scanner, AnswerScan answer, CancellationToken cancellationToken)
    {
        var asked = new AskedScan(request.ScanId, Direction.In, request.Gate, request.DeviceTime, null);
        var (ticket, entry, refusal) = await answer.ByHand(eventId, ticketId, asked, scanner, cancellationToken);
        return refusal is null ? TypedResults.Ok(AdmissionResponse.Of(ticket!, entry!)) : refusal.ToProblem();
    }
}
