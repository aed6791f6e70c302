using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Devices;

/// <summary>Its token is worthless from the answer on. What it scanned stays in the log.</summary>
internal static class RevokeDevice
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapDelete("/events/{eventId:guid}/devices/{deviceId:guid}", Handle).RequirePermission("staff.manage").WithName("RevokeDevice");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid deviceId, CurrentUser user, Documents<Device> devices, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (_, refusal) = await devices.Change(
            deviceId.ToString(),
            known => known is { Body: var body } && body.EventId == eventId && user.ActsFor(body.OrganizationId) ? body.Revoke(now) : Device.Unknown,
            cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
