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
        services.AddHostedService(provider => provider.GetRequiredService<RevokedSessions>());
        services.AddSingleton<ChangedAccess>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangedAccess>());
        services.AddSingleton<TokenCheck>();
        // The core only: nothing here needs data protection, whose keys would be written to the home folder.
        services.AddWebEncoders();
        services.AddTransient<TokenHandler>();
        services.AddOptions<TokenHandlerOptions>(TokenHandler.Bearer);
        services.AddAuthenticationCore(authentication =>
        {
            authentication.DefaultScheme = TokenHandler.Bearer;
            authentication.AddScheme<TokenHandler>(TokenHandler.Bearer, displayName: null);
        });
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }
}
