using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EventFly.ServiceDefaults;

/// <summary>Whose word counts when it says who asks.</summary>
public static class TrustedProxies
{
    /// <summary>
    /// For services that count tries by the caller's address, which the gateway sends on; belongs together with <c>app.UseForwardedHeaders()</c>. It is
    /// believed from this machine and from the networks of <c>TrustedProxies</c> (CIDR, for example where the gateway's containers live).
    /// </summary>
    public static void TrustProxies(this IHostApplicationBuilder builder)
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
