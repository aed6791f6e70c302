using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace EventFly.ServiceDefaults.Telemetry;

/// <summary>Gives the framework's server span its name, route, status and error, as OpenTelemetry's HTTP conventions name them.</summary>
/// <remarks>https://opentelemetry.io/docs/specs/semconv/http/http-spans/</remarks>
internal static class ServerSpans
{
    private static readonly object Failure = new();

    public static void UseServerSpans(this WebApplication app) => app.Use(static next => context => Describe(context, next));

    /// <summary>Tells the span of the request what broke; the answer itself says nothing about it.</summary>
    public static void Fail(HttpContext context, Exception exception) => context.Items[Failure] = exception;

    private static async Task Describe(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span)
        {
            await next(context);
            return;
        }

        if (IsPlumbing(context.Request.Path))
        {
            // Not recorded means not exported; children are not sampled either.
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            span.IsAllDataRequested = false;
            await next(context);
            return;
        }

        var method = context.Request.Method;
        span.SetTag("http.request.method", method);
        span.SetTag("url.path", context.Request.Path.Value);
        try
        {
            await next(context);
        }
        finally
        {
            var status = context.Response.StatusCode;
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            span.DisplayName = route is null ? method : $"{method} {WithoutConstraints(route)}";
            span.SetTag("http.route", route);
            span.SetTag("http.response.status_code", status);
            if (context.Items[Failure] is Exception exception)
            {
                span.AddException(exception);
                span.SetTag("error.type", exception.GetType().FullName);
                span.SetStatus(ActivityStatusCode.Error, exception.Message);
            }
            else if (status >= StatusCodes.Status500InternalServerError)
            {
                span.SetTag("error.type", status.ToString(System.Globalization.CultureInfo.InvariantCulture));
                span.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    private static bool IsPlumbing(PathString path) => path.Value is "/health" or "/alive" or "/metrics";

    /// <summary><c>/api/events/{id:guid}</c> reads as <c>/api/events/{id}</c>.</summary>
    private static string WithoutConstraints(string route) => RouteNames.GetOrAdd(route, static raw =>
        System.Text.RegularExpressions.Regex.Replace(raw, @"\{(\*{0,2}\w+)[^}]*\}", "{$1}"));

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> RouteNames = new(StringComparer.Ordinal);
}
