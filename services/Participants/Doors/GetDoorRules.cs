using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Devices;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

internal static class GetDoorRules
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/events/{eventId:guid}/door", Handle).RequireDeviceOrPermission("checkin.scan").WithName("GetDoorRules");

    private static async Task<Results<Ok<DoorRulesResponse>, ProblemHttpResult>> Handle(
        Guid eventId, Scanner scanner, Documents<EventAtDoor> events, Streams streams, CancellationToken cancellationToken) =>
        await events.Own(eventId, scanner, cancellationToken) is not null
            ? TypedResults.Ok(DoorRulesResponse.Of((await streams.ReadScans(eventId, cancellationToken)).State.Rules.Now))
            : EventAtDoor.Unknown.ToProblem();
}
