using Aspire.Hosting.Dcp;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard;

/// <summary>The official dashboard as one more, hidden, process of the application.</summary>
internal static class DashboardExtensions
{
    public static void AddDashboard(this IDistributedApplicationBuilder builder)
    {
        if (builder.Resources.TryGetByName(DashboardSettings.ResourceName, out _)) return;
        var dashboard = builder
            .AddResource(new ExecutableResource(DashboardSettings.ResourceName, "aspire-managed", AppContext.BaseDirectory))
            .WithArgs("dashboard")
            .WithHidden()
            .WithHttpEndpoint(port: PortOf(builder, "ASPNETCORE_URLS"), name: DashboardSettings.Frontend)
            .WithHttpEndpoint(port: PortOf(builder, "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"), name: DashboardSettings.OtlpGrpc)
            .WithHttpEndpoint(port: PortOf(builder, "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"), name: DashboardSettings.OtlpHttp)
            .WithHttpHealthCheck("/health", endpointName: DashboardSettings.Frontend);

        // What it needs of the running application is there when the application starts, not when it is described.
        builder.Eventing.Subscribe<BeforeResourceStartedEvent>(dashboard.Resource, (starting, _) =>
        {
            dashboard.WithCommand(starting.Services.GetRequiredService<DcpServer>().Bundle.Managed);
            return Task.CompletedTask;
        });
        IServiceProvider? services = null;
        builder.Eventing.Subscribe<BeforeStartEvent>((starting, _) =>
        {
            services = starting.Services;
            return Task.CompletedTask;
        });
        dashboard.WithEnvironment(context => Configure(context, dashboard.Resource, services!));
    }

    private static void Configure(EnvironmentCallbackContext context, ExecutableResource dashboard, IServiceProvider services)
    {
        var settings = services.GetRequiredService<DashboardSettings>();
        var variables = context.EnvironmentVariables;
        variables["ASPNETCORE_ENVIRONMENT"] = "Production";
        variables["ASPNETCORE_URLS"] = Own(DashboardSettings.Frontend);
        variables["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = Own(DashboardSettings.OtlpGrpc);
        variables["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = Own(DashboardSettings.OtlpHttp);
        variables["DASHBOARD__FRONTEND__PUBLICURL"] = dashboard.GetEndpoint(DashboardSettings.Frontend);
        variables["DASHBOARD__FRONTEND__AUTHMODE"] = "BrowserToken";
        variables["DASHBOARD__FRONTEND__BROWSERTOKEN"] = settings.BrowserToken;
        variables["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = services.GetRequiredService<ResourceServiceHost>().Url;
        variables["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = "ApiKey";
        variables["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = settings.ResourceServiceKey;
        variables["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey";
        variables["DASHBOARD__OTLP__PRIMARYAPIKEY"] = settings.OtlpKey;
        variables["DASHBOARD__API__AUTHMODE"] = "ApiKey";
        variables["DASHBOARD__API__PRIMARYAPIKEY"] = settings.ApiKey;
        variables["ASPIRE_DASHBOARD_API_ENABLED"] = "true";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "json";
        variables["ASPIRE_BUNDLE_VERSION_DIR"] = services.GetRequiredService<DcpServer>().Bundle.Folder;

        ReferenceExpression Own(string endpoint) =>
            ReferenceExpression.Create($"http://localhost:{dashboard.GetEndpoint(endpoint).Property(EndpointProperty.TargetPort)}");
    }

    /// <summary>The port of a setting that is an address; null (a free one) if it is not set or 0.</summary>
    private static int? PortOf(IDistributedApplicationBuilder builder, string setting)
    {
        if (builder.Configuration[setting] is not { Length: > 0 } addresses) return null;
        var first = addresses.Split(';')[0];
        return Uri.TryCreate(first, UriKind.Absolute, out var address)
            ? address.Port == 0 ? null : address.Port
            : throw new DistributedApplicationException($"{setting} is '{first}', which is no address.");
    }
}
