using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Keys of one run and where the dashboard is; the names of the settings are Aspire's.</summary>
internal sealed class DashboardSettings(IConfiguration configuration, IServiceProvider services)
{
    public const string ResourceName = "aspire-dashboard";
    public const string Frontend = "http";
    public const string OtlpGrpc = "otlp-grpc";
    public const string OtlpHttp = "otlp-http";

    public string BrowserToken => configuration["AppHost:BrowserToken"] ?? "";

    public string ResourceServiceKey { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public string OtlpKey { get; } = configuration["AppHost:OtlpApiKey"] ?? RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Opens the telemetry API, <c>/api/telemetry</c>.</summary>
    public string ApiKey { get; } = configuration["AppHost:DashboardApiKey"] ?? RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Where processes send telemetry.</summary>
    public IValueProvider OtlpEndpoint => Find(services).GetEndpoint(OtlpGrpc);

    public string LoginUrl(DistributedApplicationModel model) =>
        $"{((IResourceWithEndpoints)model.Resources.First(resource => resource.Name == ResourceName)).GetEndpoint(Frontend).Url}/login?t={BrowserToken}";

    private static ExecutableResource Find(IServiceProvider services) =>
        (ExecutableResource)((DistributedApplicationModel)services.GetService(typeof(DistributedApplicationModel))!).Resources
            .First(resource => resource.Name == ResourceName);
}
