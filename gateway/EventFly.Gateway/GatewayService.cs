using EventFly.Gateway.ApiKeys;
using EventFly.Gateway.Description;
using EventFly.Gateway.Door;
using EventFly.Gateway.Health;
using EventFly.Gateway.Limits;
using EventFly.Gateway.Routes;
using EventFly.ServiceDefaults;

namespace EventFly.Gateway;

/// <summary>The only door: who is behind it, what everybody gets at it, who is kept out.</summary>
internal static class GatewayService
{
    public static void AddGateway(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.GetConnectionString("redis") is { Length: > 0 })
        {
            builder.AddRedisClient("redis");
        }

        builder.Services.AddOptions<RateLimitOptions>().BindConfiguration("RateLimit").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<RateLimit>();
        builder.Services.AddCrossOrigin(builder.Configuration);
        builder.Services.AddServiceRoutes(builder.Configuration);
        builder.Services.AddServicesHealth();
        builder.Services.AddSingleton<JoinedDescription>();
        builder.Services.AddPublicAnswers();
        builder.Services.AddApiKeySwap();
    }

    public static void UseGateway(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseRequestId();
        app.UseApiKeySwap();
        app.UseServiceDefaults();
        app.UseCors();
        app.UseInternalPathGuard();
        app.UseBadTokenRefusal();
        app.UseRateLimit();
        app.UsePublicAnswers();
    }

    public static void MapGateway(this WebApplication app)
    {
        app.MapServiceRoutes();
        app.MapJoinedDescription();
    }
}
