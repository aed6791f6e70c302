using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EventFly.ServiceDefaults.Discovery;

/// <summary>Lets every HttpClient call a service by its name: <c>http://auth/…</c> goes to what <c>services__auth__http__0</c> says.</summary>
public static class ServiceDiscovery
{
    internal static void AddDiscovery(this IHostApplicationBuilder builder)
    {
        builder.Services.AddTransient<ByName>();
        builder.Services.ConfigureHttpClientDefaults(static client => client
            .ConfigureHttpClient(static http => http.Timeout = TimeSpan.FromSeconds(10))
            .AddHttpMessageHandler<ByName>());
    }

    /// <summary>Addresses of a service, in the order of its replicas; empty when the name is no service.</summary>
    public static IReadOnlyList<Uri> AddressesOf(this IConfiguration configuration, string service)
    {
        var section = configuration.GetSection($"services:{service}");
        return
        [
            .. section.GetSection("http").GetChildren().Concat(section.GetSection("https").GetChildren())
                .Select(address => address.Value).OfType<string>().Select(address => new Uri(address)),
        ];
    }

    private sealed class ByName(IConfiguration configuration) : DelegatingHandler
    {
        private int turn;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri is { IsAbsoluteUri: true, IsDefaultPort: true } uri && configuration.AddressesOf(uri.Host) is { Count: > 0 } addresses)
            {
                var address = addresses[(int)((uint)Interlocked.Increment(ref turn) % (uint)addresses.Count)];
                request.RequestUri = new UriBuilder(uri) { Scheme = address.Scheme, Host = address.Host, Port = address.Port }.Uri;
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
