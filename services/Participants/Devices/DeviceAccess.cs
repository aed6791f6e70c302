using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Authentication;

namespace EventFly.Participants.Devices;

internal static class DeviceAccess
{
    public static void AddDeviceAccess(this IServiceCollection services)
    {
        services.AddTransient<DeviceHandler>();
        services.AddTransient<PolicySchemeHandler>();
        services.AddOptions<PolicySchemeOptions>(DeviceHandler.DeviceOrUser).Configure(either => either.ForwardDefaultSelector =
            static context => DeviceHandler.IsFor(context) ? DeviceHandler.Scheme : "Bearer");
        services.Configure<AuthenticationOptions>(authentication =>
        {
            authentication.AddScheme<DeviceHandler>(DeviceHandler.Scheme, displayName: null);
            authentication.AddScheme<PolicySchemeHandler>(DeviceHandler.DeviceOrUser, displayName: null);
        });
    }

    /// <summary>An event where the scanner does not stand looks like none.</summary>
    public static async Task<Document<EventAtDoor>?> Own(
        this Documents<EventAtDoor> events, Guid eventId, Scanner scanner, CancellationToken cancellationToken) =>
        await events.Get(eventId.ToString(), cancellationToken) is { } found && scanner.StandsAt(eventId, found.Body.OrganizationId) ? found : null;

    /// <summary>
    /// Devices of the event, and those who hold this permission in their organisation or for the event. Which event is for the handler to check (<see cref="Scanner.StandsAt"/>).
    /// </summary>
    public static TBuilder RequireDeviceOrPermission<TBuilder>(this TBuilder endpoint, string permission)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(DeviceHandler.DeviceOrUser).RequireAuthenticatedUser().RequireAssertion(
                context => context.User.Identity is DeviceIdentity || context.Holds(permission)))
            .WithMetadata(new Access($"device or permission {permission}"));
}

/// <summary>Who stands at a door: a device, or somebody of the staff.</summary>
/// <param name="Id">The device's, or the account's.</param>
/// <param name="Device">Null for people.</param>
/// <param name="OrganizationId">Whom the person acts for.</param>
internal sealed record Scanner(Guid Id, Device? Device, Guid? OrganizationId)
{
    public static ValueTask<Scanner?> BindAsync(HttpContext context) => ValueTask.FromResult(
        context.User.Identity is DeviceIdentity { Device: var device } ? new Scanner(device.DeviceId, device, null)
        : CurrentUser.Of(context.User) is { } user ? new Scanner(user.Id, null, user.OrganizationId)
        : null);

    /// <summary>A device stands at its event, people at all of their organisation's.</summary>
    public bool StandsAt(Guid eventId, Guid organizationId) => Device is { } device ? device.EventId == eventId : OrganizationId == organizationId;
}
