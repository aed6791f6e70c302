using Microsoft.AspNetCore.Authentication;

namespace EventFly.Gateway.Door;

/// <summary>A bad token ends here, at every path. No token at all goes on: the service knows what is open to everybody.</summary>
internal static class BadTokenRefusal
{
    public static void UseBadTokenRefusal(this WebApplication app) => app.Use(static (context, next) =>
        context.User.Identity is { IsAuthenticated: true } ? next(context) : GoOnWithoutToken(context, next));

    private static async Task GoOnWithoutToken(HttpContext context, RequestDelegate next) =>
        await ((await context.AuthenticateAsync()).Failure is null ? next(context) : context.ChallengeAsync());
}
