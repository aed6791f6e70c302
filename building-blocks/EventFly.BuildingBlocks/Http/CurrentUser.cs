using System.Collections.Frozen;
using System.Security.Claims;
using EventFly.BuildingBlocks.Decisions;
using Microsoft.AspNetCore.Http;

namespace EventFly.BuildingBlocks.Http;

/// <summary>
/// Who calls, as the access token says. Handlers take <c>CurrentUser user</c>; where anonymous callers are allowed, <c>CurrentUser? user</c>.
/// </summary>
/// <param name="Id">The account, or the API key.</param>
/// <param name="SessionId">The sign-in that the token belongs to.</param>
/// <param name="Roles">participant, organizer, staff, platform-admin, api-key.</param>
/// <param name="OrganizationId">The organisation that an organiser or staff member acts for.</param>
/// <param name="Permissions">What the caller may do there, for example <c>event.edit</c>.</param>
public sealed record CurrentUser(
    Guid Id, string SessionId, IReadOnlySet<string> Roles, Guid? OrganizationId, IReadOnlySet<string> Permissions)
{
    private static readonly object Item = new();

    /// <summary>What the caller may do at single events of that organisation, beside what they may do at all of them.</summary>
    public IReadOnlySet<EventPermission> EventPermissions { get; init; } = FrozenSet<EventPermission>.Empty;

    /// <summary>Whether the caller has shown that the address of their account is theirs.</summary>
    public bool IsEmailVerified { get; init; }

    /// <summary>Buys tickets.</summary>
    public bool IsParticipant => Roles.Contains(Access.Participant);

    /// <summary>Runs an organisation.</summary>
    public bool IsOrganizer => Roles.Contains(Access.Organizer);

    /// <summary>Works for an organisation.</summary>
    public bool IsStaff => Roles.Contains(Access.Staff);

    /// <summary>Runs the platform.</summary>
    public bool IsPlatformAdmin => Roles.Contains(Access.PlatformAdmin);

    /// <summary>A program with an API key of its organisation: <see cref="Id"/> is the key, no account.</summary>
    public bool IsApiKey => Roles.Contains(Access.ApiKey);

    /// <summary>Whether the caller holds a permission in their organisation.</summary>
    public bool May(string permission) => Permissions.Contains(permission);

    /// <summary>Whether the caller holds a permission in their organisation or for this event. Whose event it is must be asked too.</summary>
    public bool May(string permission, Guid eventId) => May(permission) || EventPermissions.Contains(new EventPermission(eventId, permission));

    /// <summary>Null for a caller with a verified address, else <c>email-not-verified</c> (403): for what must not be done under a stranger's address.</summary>
    public Refusal? RefuseUnverified() => IsEmailVerified
        ? null
        : Refusal.Forbidden("email-not-verified", "Confirm your e-mail address first: ask for a code and enter it, then refresh the access token.");

    /// <summary>Whether the caller acts for this organisation.</summary>
    public bool ActsFor(Guid organizationId) => OrganizationId == organizationId;

    /// <summary>The caller of a request, or null for an anonymous one.</summary>
    public static ValueTask<CurrentUser?> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));

    /// <summary>The caller of a request, or null for an anonymous one.</summary>
    public static CurrentUser? Of(HttpContext context)
    {
        if (context.Items.TryGetValue(Item, out var known))
        {
            return (CurrentUser?)known;
        }

        var user = Of(context.User);
        context.Items[Item] = user;
        return user;
    }

    /// <summary>The caller that a checked token names, or null when there is none.</summary>
    public static CurrentUser? Of(ClaimsPrincipal principal) => principal.Identity switch
    {
        TokenIdentity token => token.User,
        { IsAuthenticated: true } when Guid.TryParse(principal.FindFirstValue("sub"), out var id) => new CurrentUser(
            id,
            principal.FindFirstValue("sid") ?? "",
            Values(principal, "roles"),
            Guid.TryParse(principal.FindFirstValue("org"), out var organization) ? organization : null,
            Values(principal, "perms"))
        {
            EventPermissions = principal.FindAll("eperms").SelectMany(claim => EventPermission.Read(claim.Value)).ToFrozenSet(),
            IsEmailVerified = bool.TryParse(principal.FindFirstValue("email_verified"), out var verified) && verified,
        },
        _ => null,
    };

    private static FrozenSet<string> Values(ClaimsPrincipal principal, string type) =>
        principal.FindAll(type).Select(claim => claim.Value).ToFrozenSet(StringComparer.Ordinal);
}

/// <summary>The identity of a checked access token; it carries its <see cref="CurrentUser"/>, so that nobody parses claims twice.</summary>
public sealed class TokenIdentity : ClaimsIdentity
{
    /// <summary>An identity with the claims of a checked token.</summary>
    /// <param name="claims">At least <c>sub</c>, a UUID.</param>
    /// <exception cref="ArgumentException">The claims name no account.</exception>
    public TokenIdentity(IEnumerable<Claim> claims)
        : base(claims, "Bearer", "sub", "roles") =>
        User = CurrentUser.Of(new ClaimsPrincipal(new ClaimsIdentity(Claims, "Bearer")))
            ?? throw new ArgumentException("The token's subject is no UUID.", nameof(claims));

    private TokenIdentity(IEnumerable<Claim> claims, CurrentUser user)
        : base(claims, "Bearer", "sub", "roles") => User = user;

    /// <summary>Who it is.</summary>
    public CurrentUser User { get; }

    /// <summary>The same token, when its holder may do more or less by now than it says.</summary>
    public TokenIdentity As(CurrentUser user) => new(Claims, user);
}
