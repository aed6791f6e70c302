using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventFly.BuildingBlocks.Http;

/// <summary>
/// Who may call an endpoint. Each endpoint says it with one of these or with <c>AllowAnonymous()</c>; saying nothing means any signed-in caller,
/// and a process refuses to start with such an endpoint.
/// </summary>
/// <param name="To">In words, for the table of endpoints: <c>participant</c>, <c>permission event.edit</c>.</param>
public sealed record Access(string To)
{
    /// <summary>Role of those who buy tickets.</summary>
    public const string Participant = "participant";

    /// <summary>Role of those who run an organisation.</summary>
    public const string Organizer = "organizer";

    /// <summary>Role of those who work for an organisation.</summary>
    public const string Staff = "staff";

    /// <summary>Role of those who run the platform: they see every organisation's money, and act for none.</summary>
    public const string PlatformAdmin = "platform-admin";

    /// <summary>Role of programs that act for an organisation by an API key.</summary>
    public const string ApiKey = "api-key";
}

/// <summary>The words by which an endpoint says who may call it.</summary>
public static class AccessRules
{
    /// <summary>Anybody with a valid token.</summary>
    public static TBuilder RequireSignIn<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(static policy => policy.RequireAuthenticatedUser()).WithMetadata(new Access("signed in"));

    /// <summary>Those who buy tickets.</summary>
    public static TBuilder RequireParticipant<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireOneOf(Access.Participant);

    /// <summary>Those who run an organisation.</summary>
    public static TBuilder RequireOrganizer<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireOneOf(Access.Organizer);

    /// <summary>Those who run an organisation or work for one.</summary>
    public static TBuilder RequireOrganizerOrStaff<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireOneOf(Access.Organizer, Access.Staff);

    /// <summary>
    /// Those who hold this permission in their organisation or, where the route names an <c>{eventId}</c>, for that event. Whether the thing belongs
    /// to that organisation, and to that event, is for the handler to check (<see cref="CurrentUser.ActsFor"/>): a stranger's thing looks like none.
    /// </summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder endpoint, string permission)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint
            .RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireAssertion(
                context => context.Holds(permission)))
            .WithMetadata(new Access($"permission {permission}"));

    /// <summary>Whether the caller holds a permission in their organisation or, where the route names an <c>{eventId}</c>, for that event.</summary>
    public static bool Holds(this AuthorizationHandlerContext context, string permission) =>
        CurrentUser.Of(context.User) is { } user
        && (context.Resource is HttpContext http && Guid.TryParse(http.GetRouteValue("eventId") as string, out var eventId)
            ? user.May(permission, eventId)
            : user.May(permission));

    /// <summary>Those who hold one of these permissions in their organisation, and those who run the platform.</summary>
    public static TBuilder RequirePlatformAdminOr<TBuilder>(this TBuilder endpoint, params string[] permissions)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint
            .RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireAssertion(
                context => CurrentUser.Of(context.User) is { } user && (user.IsPlatformAdmin || permissions.Any(user.May))))
            .WithMetadata(new Access($"permission {string.Join(" or ", permissions)}, or {Access.PlatformAdmin}"));

    /// <summary>
    /// Keeps API keys out, whatever else an endpoint asks for: what is about a person's own account is for nobody else. Endpoints that are open to
    /// anybody stay open.
    /// </summary>
    public static TBuilder RefuseApiKeys<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(static policy => policy.RequireAuthenticatedUser().RequireAssertion(
            static context => CurrentUser.Of(context.User) is { IsApiKey: false }));

    /// <summary>Those who run the platform.</summary>
    public static TBuilder RequirePlatformAdmin<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireOneOf(Access.PlatformAdmin);

    private static TBuilder RequireOneOf<TBuilder>(this TBuilder endpoint, params string[] roles)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint
            .RequireAuthorization(policy => policy.RequireAuthenticatedUser().RequireRole(roles))
            .WithMetadata(new Access(string.Join(" or ", roles)));
}
