using System.Text.Json.Serialization;

namespace EventFly.StripeSimulator.Wire;

/// <summary>What goes back to the caller. The body is immutable, so a replay writes the same bytes.</summary>
internal sealed record Answer(int Status, object Body)
{
    public static Answer Ok(object body) => new(200, body);

    public static implicit operator Answer(StripeError error) => new(
        error switch
        {
            { Type: "card_error" } => 402,
            { Code: "resource_missing", Param: "id" } => 404,
            { Type: "api_error" } => 500,
            _ => 400,
        },
        new ErrorBody(error));

    /// <summary>Stripe keeps no answer for a request that never got past its checks.</summary>
    [JsonIgnore]
    public bool IsKept => Status is not (400 or 401 or 404 or 409 or 429);
}

internal sealed record StripeList(string Url, bool HasMore, IReadOnlyList<object> Data)
{
    public string Object { get; } = "list";
}

internal sealed record Deleted(string Id, string Object)
{
    [JsonPropertyName("deleted")]
    public bool IsDeleted { get; } = true;
}

internal sealed record Empty
{
    public static readonly Empty Object = new();
}
