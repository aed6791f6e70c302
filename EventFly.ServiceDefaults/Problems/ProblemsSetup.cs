using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Words = EventFly.BuildingBlocks.Http.Problems;

namespace EventFly.ServiceDefaults.Problems;

/// <summary>Sees to it that every error leaves as a problem with a code, wherever it came from.</summary>
internal static class ProblemsSetup
{
    public static void AddProblems(this IHostApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Complete);
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new()
        {
            Timeout = TimeSpan.FromSeconds(builder.Configuration["RequestTimeoutSeconds"] is { } seconds ? double.Parse(seconds, CultureInfo.InvariantCulture) : 10),
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = static context => Answer.Write(
                context, Words.Of(StatusCodes.Status503ServiceUnavailable, "timed-out", "It took too long. Try again."), retryAfter: 1),
        });
    }

    public static void UseProblems(this WebApplication app) => app.UseMiddleware<Answer>();

    /// <summary>
    /// Answers for requests that no route takes, before authorization asks who is calling: an unknown path is unknown to everybody.
    /// </summary>
    public static void UseUnmatched(this WebApplication app) => app.Use(static (context, next) => context.GetEndpoint() switch
    {
        null => Missing(context),
        // Routing's own answers (405, 415) are no RouteEndpoint.
        RouteEndpoint => next(context),
        { RequestDelegate: { } answer } => answer(context),
        _ => next(context),
    });

    /// <summary>Refuses a declared length before reading it; the server counts bodies of undeclared length.</summary>
    public static void UseRequestLimits(this WebApplication app) => app.Use(static (context, next) =>
        context.Request.ContentLength > LimitOf(context)
            ? Answer.Write(context, Words.Of(StatusCodes.Status413PayloadTooLarge, "too-large", $"A request may have at most {LimitOf(context)} bytes."))
            : next(context));

    private static long LimitOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata>() is { } limit
            ? limit.MaxRequestBodySize ?? long.MaxValue
            : ServiceDefaultsExtensions.MaxRequestBody;

    private static Task Missing(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        var http = context.HttpContext;
        if (problem is HttpValidationProblemDetails validation)
        {
            Words.Of(StatusCodes.Status400BadRequest, "validation", "Some values are not as they must be: see errors.").CopyTo(problem);
            validation.Errors = InJsonSpelling(validation.Errors);
        }
        else if (!problem.Extensions.ContainsKey("code"))
        {
            Unanswered.For(problem.Status ?? http.Response.StatusCode).CopyTo(problem);
        }

        if (problem.Extensions.TryGetValue(Words.RetryAfter, out var seconds))
        {
            http.Response.Headers.RetryAfter = Convert.ToString(seconds, CultureInfo.InvariantCulture);
        }

        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        http.Response.Headers.CacheControl = "no-store";
    }

    private static void CopyTo(this ProblemDetails from, ProblemDetails to)
    {
        (to.Type, to.Title, to.Status, to.Detail) = (from.Type, from.Title, from.Status, from.Detail);
        foreach (var (name, value) in from.Extensions)
        {
            to.Extensions[name] = value;
        }
    }

    /// <summary><c>Lines[0].TicketTypeId</c> is <c>lines[0].ticketTypeId</c> to the client.</summary>
    private static Dictionary<string, string[]> InJsonSpelling(IDictionary<string, string[]> errors) => errors.ToDictionary(
        error => string.Join('.', error.Key.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName)), error => error.Value, StringComparer.Ordinal);
}
