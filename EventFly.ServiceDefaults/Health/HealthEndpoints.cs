using System.Text.Json;
using EventFly.BuildingBlocks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace EventFly.ServiceDefaults.Health;

/// <summary>
/// <c>/health</c>: may requests be sent here (all checks; degraded is yes). <c>/alive</c>: does the process answer at all (no checks).
/// </summary>
internal static class HealthEndpoints
{
    public static void AddHealth(this IHostApplicationBuilder builder) => builder.Services.AddHealthChecks();

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = Write }).AllowAnonymous();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = static _ => false, ResponseWriter = Write }).AllowAnonymous();
    }

    private static Task Write(HttpContext context, HealthReport report)
    {
        var body = new HealthAnswer(
            Word(report.Status),
            report.Entries.ToDictionary(entry => entry.Key, entry => new CheckAnswer(Word(entry.Value.Status), entry.Value.Description), StringComparer.Ordinal));
        return context.Response.WriteAsJsonAsync(body, EventFlyJson.Options, context.RequestAborted);
    }

    private static string Word(HealthStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    private sealed record HealthAnswer(string Status, IReadOnlyDictionary<string, CheckAnswer> Checks);

    private sealed record CheckAnswer(string Status, string? Detail);
}
