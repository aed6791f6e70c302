namespace EventFly.Gateway.Door;

/// <summary>
/// Answers that a service calls public (<c>Cache-Control: public, max-age=…</c>), such as an event's page, are kept for that long and given to others
/// who ask without a token. What a service calls nothing, or a request with a token, always goes to the service.
/// </summary>
internal static class PublicAnswers
{
    private const long LargestBytes = 256 * 1024;
    private const long AllBytes = 64 * 1024 * 1024;

    public static void AddPublicAnswers(this IServiceCollection services) => services.AddResponseCaching(static answers =>
    {
        answers.MaximumBodySize = LargestBytes;
        answers.SizeLimit = AllBytes;
        answers.UseCaseSensitivePaths = true;
    });

    public static void UsePublicAnswers(this WebApplication app) => app.UseResponseCaching();
}
