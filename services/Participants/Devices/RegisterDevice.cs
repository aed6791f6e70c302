using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Devices;

/// <summary>Whoever may let people into the organisation may let devices stand at its doors.</summary>
internal static class RegisterDevice
{
    /// <param name="Gates">Where it may stand; none for anywhere.</param>
    /// <param name="TicketTypeIds">Whom it may let in; absent for everybody.</param>
    public sealed record Request(
        [MinLength(1), MaxLength(100)] string Name, [MaxLength(50)] IReadOnlyList<string>? Gates = null, [MaxLength(50)] IReadOnlyList<Guid>? TicketTypeIds = null);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPut("/events/{eventId:guid}/devices/{deviceId:guid}", Handle).RequirePermission("staff.manage").WithName("RegisterDevice");

    private static async Task<Results<Ok<DeviceResponse>, ProblemHttpResult>> Handle(
        Guid eventId, Guid deviceId, Request request, CurrentUser user,
        Documents<Device> devices, Documents<EventAtDoor> events, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await events.Own(eventId, user, cancellationToken) is not { Body: var at })
        {
            return EventAtDoor.Unknown.ToProblem();
        }

        if (request.Gates?.Any(static gate => gate is not { Length: > 0 and <= 100 }) is true)
        {
            return Refusal.Invalid("gate-malformed", "A gate has 1 to 100 characters.", "gates").ToProblem();
        }

        var fresh = new Device(
            deviceId, eventId, at.OrganizationId, request.Name.Trim(), [.. (request.Gates ?? []).Select(gate => gate.Trim()).Distinct()],
            request.TicketTypeIds is { } types ? [.. types] : null, null, null, null, clock.GetUtcNow(), null, null, null);
        var (device, refusal) = await devices.Change(
            deviceId.ToString(),
            known => known switch
            {
                null => fresh,
                _ when known.Body.EventId != eventId || known.Body.OrganizationId != at.OrganizationId => Device.Unknown,
                _ => known.Body.Describe(fresh.Name, fresh.Gates, fresh.TicketTypeIds),
            },
            cancellationToken);
        return refusal is null ? TypedResults.Ok(DeviceResponse.Of(device!.Body)) : refusal.ToProblem();
    }
}
