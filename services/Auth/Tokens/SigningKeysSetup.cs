using EventFly.BuildingBlocks;
using EventFly.ServiceDefaults.Tokens;

namespace EventFly.Auth.Tokens;

internal static class SigningKeysSetup
{
    /// <summary>Keys that sign, and the same keys for the token check of this process: it asks itself, not the network.</summary>
    public static void AddSigningKeys(this IServiceCollection services)
    {
        services.AddSingleton<SigningKeys>();
        services.AddHostedService<RotateSigningKeys>();
        services.AddHttpClient(TokenKeys.Client)
            .ConfigurePrimaryHttpMessageHandler(provider => new OwnKeys(provider.GetRequiredService<SigningKeys>()));
    }

    private sealed class OwnKeys(SigningKeys keys) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = JsonContent.Create(GetKeys.Of(keys), options: EventFlyJson.Options) });
    }
}
