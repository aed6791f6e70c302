using Microsoft.AspNetCore.HttpOverrides;

namespace EventFly.Auth;

internal static class TrustedProxies
{
    /// <summary>
    /// Attempts are counted by the caller's address, which the gateway sends on. It is believed from this machine and from the networks of
    /// <c>TrustedProxies</c> (CIDR, for example where the gateway's containers live).
    /// </summary>
    public static void TrustProxies(this WebApplicationBuilder builder)
    {
        var networks = builder.Configuration.GetSection("TrustedProxies").Get<string[]>() ?? [];
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
            forwarded.ForwardLimit = 1;
            foreach (var network in networks)
            {
                forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
            }
        });
    }
}
