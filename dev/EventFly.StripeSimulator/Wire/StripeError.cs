using System.Text.Json.Serialization;

namespace EventFly.StripeSimulator.Wire;

internal sealed record StripeError
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Charge { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DeclineCode { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DocUrl => Code is null ? null : $"https://stripe.com/docs/error-codes/{Code.Replace('_', '-')}";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Param { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? PaymentIntent { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? PaymentMethod { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? SetupIntent { get; init; }

    public required string Type { get; init; }

    public static StripeError Invalid(string message, string? param = null, string? code = null) =>
        new() { Type = "invalid_request_error", Message = message, Param = param, Code = code };

    public static StripeError Missing(string what, string id, string param = "id") =>
        Invalid($"No such {what}: '{id}'", param, "resource_missing");

    public static StripeError Card(string code, string message, string? declineCode = null, string? param = null) =>
        new() { Type = "card_error", Code = code, Message = message, DeclineCode = declineCode, Param = param };
}

internal sealed record ErrorBody(StripeError Error);
