using System.Buffers;
using System.Diagnostics;

namespace EventFly.Gateway.Door;

/// <summary>
/// <c>X-Request-Id</c> names a request on its way through and in the answer: the client's own if it is harmless, else the trace id.
/// </summary>
internal static class RequestId
{
    private const string Header = "X-Request-Id";
    private const int MaxLength = 64;

    private static readonly SearchValues<char> Harmless =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    public static void UseRequestId(this WebApplication app) => app.Use(static (context, next) =>
    {
        var id = context.Request.Headers[Header].ToString();
        if (id.Length is 0 or > MaxLength || id.AsSpan().ContainsAnyExcept(Harmless))
        {
            id = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
            context.Request.Headers[Header] = id;
        }

        Activity.Current?.SetTag("eventfly.request_id", id);
        context.Response.OnStarting(
            static state =>
            {
                var started = (HttpContext)state;
                started.Response.Headers[Header] = started.Request.Headers[Header];
                return Task.CompletedTask;
            },
            context);
        return next(context);
    });
}
