using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Devices;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

internal static class CheckInTicket
{
    /// <param name="ScanId">Chosen by the device; sending the same scan again gets the same answer.</param>
    /// <param name="Code">What the QR code says.</param>
    public sealed record Request(
        Guid ScanId, [MaxLength(1000)] string Code, [MinLength(1), MaxLength(100)] string Gate, DateTimeOffset? DeviceTime);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/events/{eventId:guid}/checkins", Handle).RequireDeviceOrPermission("checkin.scan").WithName("CheckInTicket");

    private static async Task<Results<Ok<AdmissionResponse>, ProblemHttpResult>> Handle(
        Guid eventId, Request request, Scanner scanner,
        Documents<Ticket> tickets, Documents<EventAtDoor> events, Streams streams, TicketSigner signer, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await events.Get(eventId.ToString(), cancellationToken) is not { Body: var at } || !scanner.StandsAt(eventId, at.OrganizationId))
        {
            return DoorRefusals.EventUnknown.ToProblem();
        }

        var read = await ReadCode.Of(request.Code, eventId, tickets, signer, cancellationToken);
        if (AnswerScan.RefusalOf(read) is { } unread)
        {
            return unread.ToProblem();
        }

        var asked = new AskedScan(request.ScanId, Direction.In, request.Gate, request.DeviceTime, read.Code!.Version);
        var (entry, refusal) = await AnswerScan.Of(asked, eventId, read.Ticket!, scanner, streams, clock, cancellationToken);
        return refusal is null ? TypedResults.Ok(AdmissionResponse.Of(read.Ticket!.Body, entry!)) : refusal.ToProblem();
    }
}
