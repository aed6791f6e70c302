namespace EventFly.Gateway.Door;

/// <summary>
/// What services offer each other and the operators has no door: a path with a segment <c>internal</c>, or one that would climb out of its service's
/// prefix once somebody decodes it again.
/// </summary>
internal static class InternalPathGuard
{
    public static void UseInternalPathGuard(this WebApplication app) => app.Use(static (context, next) =>
    {
        if (!IsInternal(context.Request.Path.Value))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    private static bool IsInternal(string? path) =>
        path is not null
        && (path.Contains("/internal/", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith("/internal", StringComparison.OrdinalIgnoreCase)
            || path.Contains("%2f", StringComparison.OrdinalIgnoreCase)
            || path.Contains('\\', StringComparison.Ordinal)
            || path.Contains("/..", StringComparison.Ordinal));
}
