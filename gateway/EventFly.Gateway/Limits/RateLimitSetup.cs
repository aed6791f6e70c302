using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;

namespace EventFly.Gateway.Limits;

internal static class RateLimitSetup
{
    public static void UseRateLimit(this WebApplication app)
    {
        var limit = app.Services.GetRequiredService<RateLimit>();
        app.Use(next => async context =>
        {
            var key = CurrentUser.Of(context) is { } user ? new ClientKey(user.Id, 0) : ClientKey.Of(context.Connection.RemoteIpAddress);
            if (context.Request.Path.Value is "/alive" or "/metrics" || await limit.Take(key, context.RequestAborted) is not { } wait)
            {
                await next(context);
                return;
            }

            var refusal = new Refusal(RefusalKind.TooMany, "too-many-requests", "Too many requests. Wait a moment.") { RetryAfter = wait };
            await refusal.ToProblem().ExecuteAsync(context);
        });
    }
}
