using EventFly.StripeSimulator.Storage;
using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator.Events;

internal sealed record EventData(object Object);

internal sealed record EventRequest(string? Id, string? IdempotencyKey);

internal sealed record StripeEvent : IStripeObject
{
    public required string Id { get; init; }

    public string Object { get; } = "event";

    public string? ApiVersion { get; init; }

    public required long Created { get; init; }

    public required EventData Data { get; init; }

    public bool Livemode { get; init; }

    public required long PendingWebhooks { get; init; }

    public required EventRequest Request { get; init; }

    public required string Type { get; init; }
}

internal static class EventEndpoints
{
    public static void Map(StripeRoutes routes, Account account)
    {
        routes.Get("/v1/events/{id}", request =>
            account.Events.Find(request.Id) is { } happened ? Answer.Ok(happened) : StripeError.Missing("event", request.Id));
        routes.Get("/v1/events", request =>
        {
            var types = request.Parameters.Items("types");
            return Listing.Page(
                request, "/v1/events", account.Events,
                happened => (request.Parameters.Text("type") is not { } type || Matches(type, happened.Type))
                    && (types.Count == 0 || types.Contains(happened.Type)),
                happened => happened);
        }, [.. Listing.Accepts, "type", "types", "delivery_success"]);
    }

    private static bool Matches(string wanted, string type) =>
        wanted.EndsWith('*') ? type.StartsWith(wanted[..^1], StringComparison.Ordinal) : wanted == type;
}
