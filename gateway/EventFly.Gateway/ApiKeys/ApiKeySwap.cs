using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using Microsoft.Extensions.Options;

namespace EventFly.Gateway.ApiKeys;

/// <summary><c>Authorization: Bearer efk_…</c> becomes the access token of that key before anybody looks at it: behind the door there are tokens only.</summary>
internal static class ApiKeySwap
{
    private const string Bearer = "Bearer ";

    public static void AddApiKeySwap(this IServiceCollection services)
    {
        services.AddOptions<ApiKeyOptions>().BindConfiguration("ApiKeys").ValidateDataAnnotations().ValidateOnStart();
        services.AddHttpClient(KeyExchange.Client, static (provider, client) =>
        {
            client.BaseAddress = new Uri("http://auth/");
            client.Timeout = provider.GetRequiredService<IOptions<ApiKeyOptions>>().Value.Patience;
            client.MaxResponseContentBufferSize = 64 * 1024;
        });
        services.AddSingleton<KnownKeys>();
        services.AddSingleton<Guesses>();
        services.AddSingleton<KeyExchange>();
    }

    public static void UseApiKeySwap(this WebApplication app)
    {
        var exchange = app.Services.GetRequiredService<KeyExchange>();
        app.Use(next => context => KeyOf(context.Request) is { } key ? Swap(exchange, key, context, next) : next(context));
    }

    private static string? KeyOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var token = header.AsSpan(Bearer.Length).Trim();
        return token.StartsWith(KeyExchange.Beginning, StringComparison.Ordinal) ? token.ToString() : null;
    }

    private static async Task Swap(KeyExchange exchange, string key, HttpContext context, RequestDelegate next)
    {
        var (token, refusal) = await exchange.TokenFor(key, context.Connection.RemoteIpAddress, context.RequestAborted);
        if (refusal is null)
        {
            context.Request.Headers.Authorization = Bearer + token;
            await next(context);
            return;
        }

        if (refusal.Kind is RefusalKind.Unauthenticated)
        {
            context.Response.Headers.WWWAuthenticate = Bearer.TrimEnd();
        }

        await refusal.ToProblem().ExecuteAsync(context);
    }
}
