namespace EventFly.StripeSimulator.Wire;

internal sealed record StripeRequest(
    string Id, string RequestId, string? IdempotencyKey, string ApiVersion, bool IsPublishable, Uri BaseUrl, Parameters Parameters)
{
    public IReadOnlyList<string> Expand => Parameters.Items("expand");

    /// <summary>For what happens without a request: a buyer's click, a timer.</summary>
    public static StripeRequest None(Uri baseUrl) => new("", "", null, StripeRoutes.PinnedVersion, false, baseUrl, new Parameters());
}
