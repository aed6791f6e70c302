using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EventFly.ServiceDefaults.Tokens;

internal static class TokenCheckSetup
{
    public static void AddTokenCheck(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddHttpClient(TokenKeys.Client, client =>
        {
            client.BaseAddress = new Uri("http://auth/");
            client.Timeout = TimeSpan.FromSeconds(3);
            client.MaxResponseContentBufferSize = 64 * 1024;
        });
        services.AddSingleton<TokenKeys>();
        services.AddSingleton<TokenMemory>();
        services.AddSingleton<RevokedSessions>();
        services.AddSingleton<TokenCheck>();
        services.AddAuthentication(TokenHandler.Bearer).AddScheme<TokenHandlerOptions, TokenHandler>(TokenHandler.Bearer, null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }
}
