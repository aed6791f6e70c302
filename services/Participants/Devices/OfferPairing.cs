using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Devices;

internal static class OfferPairing
{
    /// <param name="PairingCode">Shown this once. A new one makes it worthless.</param>
    public sealed record Response(Guid DeviceId, string PairingCode, DateTimeOffset ExpiresAt);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/events/{eventId:guid}/devices/{deviceId:guid}/pairing-code", Handle).RequirePermission("staff.manage").WithName("OfferPairing");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, Guid deviceId, CurrentUser user, HttpResponse http, Documents<Device> devices, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (code, now) = (DeviceSecret.NewPairingCode(), clock.GetUtcNow());
        var hash = DeviceSecret.HashOfPairingCode(code);
        var (device, refusal) = await devices.Change(
            deviceId.ToString(),
            known => known is { Body: var body } && body.EventId == eventId && user.ActsFor(body.OrganizationId) ? body.OfferPairing(hash, now) : Device.Unknown,
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Response(deviceId, code, device!.Body.PairingUntil!.Value));
    }
}
