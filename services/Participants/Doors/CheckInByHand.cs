using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Devices;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

/// <summary>For somebody whose code cannot be read, found by name or order (<see cref="SearchAtDoor"/>).</summary>
internal static class CheckInByHand
{
    public sealed record Request(Guid ScanId, [MinLength(1), MaxLength(100)] string Gate, DateTimeOffset? DeviceTime = null);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/events/{eventId:guid}/tickets/{ticketId:guid}/checkins", Handle).RequireDeviceOrPermission("checkin.scan").WithName("CheckInByHand");

    private static async Task<Results<Ok<AdmissionResponse>, ProblemHttpResult>> Handle(
        Guid eventId, Guid ticketId, Request request, Scanner scanner,
        Documents<Ticket> tickets, Documents<EventAtDoor> events, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await events.Get(eventId.ToString(), cancellationToken) is not { Body: var at } || !scanner.StandsAt(eventId, at.OrganizationId))
        {
            return DoorRefusals.EventUnknown.ToProblem();
        }

        if (await tickets.Get(ticketId.ToString(), cancellationToken) is not { } ticket || ticket.Body.EventId != eventId)
        {
            return Refusal.NotFound("ticket-unknown", "There is no such ticket.").ToProblem();
        }

        var asked = new AskedScan(request.ScanId, Direction.In, request.Gate, request.DeviceTime, null);
        var (entry, refusal) = await AnswerScan.Of(asked, eventId, ticket, scanner, streams, clock, cancellationToken);
        return refusal is null ? TypedResults.Ok(AdmissionResponse.Of(ticket.Body, entry!)) : refusal.ToProblem();
    }
}
