using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Devices;

/// <summary>The device itself changes its pairing code into the token that it is known by. A code works once.</summary>
internal static class PairDevice
{
    public sealed record Request([MinLength(1), MaxLength(40)] string PairingCode);

    /// <param name="DeviceToken">For <c>Authorization: Device …</c>. Shown this once.</param>
    public sealed record Response(
        Guid DeviceId, Guid EventId, string Name, IReadOnlyList<string> Gates, IReadOnlyList<Guid>? TicketTypeIds, string DeviceToken);

    public static void Map(RouteGroupBuilder api) => api.MapPost("/devices/pairing", Handle).AllowAnonymous().WithName("PairDevice");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Request request, HttpResponse http, Documents<Device> devices, TimeProvider clock, CancellationToken cancellationToken)
    {
        var hash = DeviceSecret.HashOfPairingCode(request.PairingCode);
        var found = await devices.Query(new Query([new Where.Eq("pairing", hash)], [], 1), cancellationToken);
        if (found.Items is not [{ Body.DeviceId: var deviceId }])
        {
            return Device.NoSuchCode.ToProblem();
        }

        var (token, now) = (DeviceSecret.NewToken(deviceId), clock.GetUtcNow());
        var (device, refusal) = await devices.Change(
            deviceId.ToString(), known => known is null ? Device.NoSuchCode : known.Body.Pair(hash, DeviceSecret.HashOf(token), now), cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.Headers.CacheControl = "no-store";
        var paired = device!.Body;
        return TypedResults.Ok(new Response(paired.DeviceId, paired.EventId, paired.Name, paired.Gates, paired.TicketTypeIds, token));
    }
}
