using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.BuildingBlocks.Messaging;
using EventFly.ServiceDefaults.Redis;
using EventFly.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Words = EventFly.BuildingBlocks.Http.Problems;

namespace EventFly.ServiceDefaults.Problems;

/// <summary>Turns what was thrown, and errors that nobody wrote a body for, into problems.</summary>
internal sealed partial class Answer(RequestDelegate next, ILogger<Answer> logger)
{
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await Explain(context, exception);
            return;
        }

        var response = context.Response;
        if (response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0, ContentType: null } && response.StatusCode != ClientClosedRequest)
        {
            await Write(context, Unanswered.For(response.StatusCode));
        }
    }

    /// <summary>Writes a problem as the answer.</summary>
    public static async Task Write(HttpContext context, ProblemDetails problem, int? retryAfter = null)
    {
        context.Response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
        if (retryAfter is { } seconds)
        {
            problem.Extensions[Words.RetryAfter] = seconds;
        }

        await context.RequestServices.GetRequiredService<IProblemDetailsService>()
            .WriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem });
    }

    private Task Explain(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case BadHttpRequestException bad:
                context.Response.Clear();
                return Write(context, BadRequest.Explain(bad));
            case UnreadableCursorException:
                context.Response.Clear();
                return Write(context, Refusal.Invalid("cursor-unreadable", "Send the cursor as the page before gave it, or none.", "after").ToProblemDetails());
            case OperationCanceledException when context.RequestAborted.IsCancellationRequested:
                context.Response.StatusCode = ClientClosedRequest;
                return Task.CompletedTask;
            case StorageUnavailableException or BusUnavailableException or RedisUnavailableException:
                ServerSpans.Fail(context, exception);
                Unavailable(logger, exception.GetType().Name, exception);
                context.Response.Clear();
                return Write(context, Unanswered.For(StatusCodes.Status503ServiceUnavailable), retryAfter: 1);
            default:
                ServerSpans.Fail(context, exception);
                Broke(logger, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "", exception);
                context.Response.Clear();
                return Write(context, Unanswered.For(StatusCodes.Status500InternalServerError));
        }
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Endpoint} broke.")]
    private static partial void Broke(ILogger logger, string method, string endpoint, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Answered 503: {Reason}.")]
    private static partial void Unavailable(ILogger logger, string reason, Exception exception);
}
