using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Devices;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

/// <summary>Whoever leaves is never kept, whatever the log says of it.</summary>
internal static class CheckOutTicket
{
    public sealed record Request(
        Guid ScanId, [MaxLength(1000)] string Code, [MinLength(1), MaxLength(100)] string Gate, DateTimeOffset? DeviceTime = null);

    /// <param name="WasInside">False where no admission is known, or not yet.</param>
    public sealed record Response(Guid TicketId, Guid ScanId, DateTimeOffset ExitedAt, string Gate, bool WasInside);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/events/{eventId:guid}/exits", Handle).RequireDeviceOrPermission("checkin.scan").WithName("CheckOutTicket");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
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

        var asked = new AskedScan(request.ScanId, Direction.Out, request.Gate, request.DeviceTime, read.Code!.Version);
        var (entry, refusal) = await AnswerScan.Of(asked, eventId, read.Ticket!, scanner, streams, clock, cancellationToken);
        return refusal is null
            ? TypedResults.Ok(new Response(read.Code.TicketId, request.ScanId, entry!.Scan.At, entry.Scan.Gate, entry.Outcome is ScanOutcome.Exited))
            : refusal.ToProblem();
    }
}
