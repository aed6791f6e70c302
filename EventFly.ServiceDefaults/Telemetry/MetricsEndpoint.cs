using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EventFly.ServiceDefaults.Telemetry;

internal static class MetricsEndpoint
{
    public static void MapMetrics(this WebApplication app) => app.MapGet("/metrics", Handle).AllowAnonymous().ExcludeFromDescription();

    private static async Task Handle(HttpContext context, PrometheusText prometheus)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await context.Response.Body.WriteAsync(prometheus.Scrape(), context.RequestAborted);
    }
}
