using System.Security.Claims;
using System.Text.Encodings.Web;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace EventFly.Participants.Devices;

/// <summary>The identity of a device with a good token.</summary>
internal sealed class DeviceIdentity(Device device) : ClaimsIdentity([new Claim("device", device.DeviceId.ToString())], DeviceHandler.Scheme)
{
    public Device Device => device;
}

/// <summary>
/// Reads <c>Authorization: Device &lt;token&gt;</c>. The device is read from the store each time, so that a revoked one is out at once, in every process.
/// </summary>
internal sealed class DeviceHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Documents<Device> devices, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "Device";

    /// <summary>Takes the one or the other, as the header says.</summary>
    public const string DeviceOrUser = "DeviceOrUser";

    public static bool IsFor(HttpContext context) => context.Request.Headers.Authorization.ToString().StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var token = Request.Headers.Authorization.ToString()[(Scheme.Length + 1)..].Trim();
        if (!DeviceSecret.TryReadToken(token, out var deviceId, out var hash)
            || await devices.Get(deviceId.ToString(), Context.RequestAborted) is not { Body: var device }
            || !DeviceSecret.AreEqual(device.TokenHash, hash))
        {
            return AuthenticateResult.Fail("The device token is not valid.");
        }

        var now = clock.GetUtcNow();
        if (device.WasNotSeenFor(now))
        {
            await devices.Change(
                deviceId.ToString(),
                known => known is { Body: { RevokedAt: null } body } && body.WasNotSeenFor(now) ? body with { LastSeenAt = now } : Decision.Nothing,
                Context.RequestAborted);
        }

        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new DeviceIdentity(device)), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Scheme;
        return new Refusal(RefusalKind.Unauthenticated, "invalid-device-token", "The device token is not valid or was revoked. Pair the device again.")
            .ToProblem().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Refusal.Forbidden("forbidden", "A device may not do this.").ToProblem().ExecuteAsync(Context);
}
