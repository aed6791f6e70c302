using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Devices;

internal static class GetDevices
{
    /// <param name="Next">Cursor of the next page; null at the end.</param>
    public sealed record Response(IReadOnlyList<DeviceResponse> Items, string? Next);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/events/{eventId:guid}/devices", Handle).RequirePermission("staff.manage").WithName("GetDevices");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, [AsParameters] PageQuery page, CurrentUser user,
        Documents<Device> devices, Documents<EventAtDoor> events, CancellationToken cancellationToken)
    {
        if (await events.Own(eventId, user, cancellationToken) is null)
        {
            return EventAtDoor.Unknown.ToProblem();
        }

        var found = await devices.Query(page.ToQuery([new Where.Eq("event", eventId.ToString())], new SortBy("name")), cancellationToken);
        return TypedResults.Ok(new Response([.. found.Items.Select(device => DeviceResponse.Of(device.Body))], found.Next));
    }
}
