using System.Text.Json.Serialization;
using EventFly.StripeSimulator.Storage;
using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator.Webhooks;

internal sealed record WebhookEndpoint : IStripeObject
{
    public required string Id { get; init; }

    public string Object { get; } = "webhook_endpoint";

    public string? ApiVersion { get; init; }

    public string? Application { get; init; }

    public required long Created { get; init; }

    public string? Description { get; init; }

    public required IReadOnlyList<string> EnabledEvents { get; init; }

    public bool Livemode { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Shown once, in the answer to its creation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    public string Status { get; init; } = "enabled";

    public required string Url { get; init; }

    [JsonIgnore]
    public string SigningSecret { get; init; } = "";

    public bool Wants(string type) => Status is "enabled" && (EnabledEvents.Contains(type) || EnabledEvents.Contains("*"));
}

internal static class WebhookEndpoints
{
    public static void Map(StripeRoutes routes, Account account)
    {
        routes.Post("/v1/webhook_endpoints", request => Create(account, request),
            "url", "enabled_events", "description", "metadata", "api_version", "connect");
        routes.Get("/v1/webhook_endpoints/{id}", request => account.WebhookEndpoints.Find(request.Id) is { } endpoint
            ? Answer.Ok(endpoint)
            : StripeError.Missing("webhook endpoint", request.Id));
        routes.Get("/v1/webhook_endpoints", request => Listing.Page(
            request, "/v1/webhook_endpoints", account.WebhookEndpoints, _ => true, endpoint => endpoint), Listing.Accepts);
        routes.Delete("/v1/webhook_endpoints/{id}", request => account.WebhookEndpoints.Remove(request.Id)
            ? Answer.Ok(new Deleted(request.Id, "webhook_endpoint"))
            : StripeError.Missing("webhook endpoint", request.Id));
    }

    public static void AddConfigured(Account account, WebhookOptions options)
    {
        if (options.Url is not { } url) return;
        account.WebhookEndpoints.Add(new WebhookEndpoint
        {
            Id = Ids.New("we"),
            Created = account.Now,
            Description = "From the configuration",
            EnabledEvents = options.Events.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            Metadata = Parameters.None,
            SigningSecret = options.Secret,
            Url = url.AbsoluteUri,
        });
    }

    private static Answer Create(Account account, StripeRequest request)
    {
        var parameters = request.Parameters;
        var url = parameters.RequiredText("url");
        if (url.Length > 0 && (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https")))
        {
            parameters.Fail(StripeError.Invalid("Invalid URL: must start with http or https.", "url", "url_invalid"));
        }

        var events = parameters.Items("enabled_events");
        if (events.Count == 0) parameters.Fail(StripeError.Invalid("Missing required param: enabled_events.", "enabled_events", "parameter_missing"));
        var metadata = parameters.Metadata();
        if (parameters.Problem is { } problem) return problem;

        var endpoint = new WebhookEndpoint
        {
            Id = Ids.New("we"),
            ApiVersion = parameters.Text("api_version"),
            Created = account.Now,
            Description = parameters.Text("description"),
            EnabledEvents = events,
            Metadata = metadata,
            SigningSecret = $"whsec_{Ids.Random(32)}",
            Url = url,
        };
        account.WebhookEndpoints.Add(endpoint);
        return Answer.Ok(endpoint with { Secret = endpoint.SigningSecret });
    }
}
