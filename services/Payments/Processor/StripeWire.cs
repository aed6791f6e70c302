using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventFly.Payments.Processor;

// What we read of Stripe's objects, and no more. A field that is missing or of another type makes the whole answer unreadable;
// a field that we do not know is Stripe's business.

internal sealed record StripePaymentIntent(
    string Id, string Object, long Amount, long AmountReceived, string? CancellationReason, string? ClientSecret, long Created, string Currency,
    StripeError? LastPaymentError, StripeReference<StripeCharge>? LatestCharge, Dictionary<string, string> Metadata,
    StripeNextAction? NextAction, string Status);

internal sealed record StripeNextAction(string Type)
{
    public StripeRedirect? RedirectToUrl { get; init; }
}

internal sealed record StripeRedirect(Uri Url);

internal sealed record StripeCharge(
    string Id, string Object, long Amount, long AmountRefunded, string Currency, bool Disputed,
    StripeReference<StripePaymentIntent>? PaymentIntent, StripePaymentMethodDetails? PaymentMethodDetails, string Status)
{
    public StripeReference<StripeBalanceTransaction>? BalanceTransaction { get; init; }
}

internal sealed record StripeBalanceTransaction(
    string Id, string Object, long Amount, long Created, string Currency, long Fee, string? Source, string Type);

internal sealed record StripePaymentMethodDetails
{
    public StripeCard? Card { get; init; }
}

internal sealed record StripeCard(string? Brand, string? Last4);

internal sealed record StripeRefund(
    string Id, string Object, long Amount, StripeReference<StripeCharge>? Charge, long Created, string Currency, Dictionary<string, string>? Metadata,
    StripeReference<StripePaymentIntent>? PaymentIntent, string? Status)
{
    public string? FailureReason { get; init; }
}

internal sealed record StripeDispute(
    string Id, string Object, long Amount, List<StripeBalanceTransaction> BalanceTransactions, StripeReference<StripeCharge> Charge, long Created,
    string Currency, StripeReference<StripePaymentIntent>? PaymentIntent, string Reason, string Status)
{
    public StripeEvidenceDetails? EvidenceDetails { get; init; }
}

internal sealed record StripeEvidenceDetails
{
    public long? DueBy { get; init; }
}

internal sealed record StripeSetupIntent(string Id, string Object, string Status)
{
    public StripeError? LastSetupError { get; init; }
}

internal sealed record StripeList<T>(string Object, List<T> Data, bool HasMore);

internal sealed record StripeEvent(string Id, string Object, long Created, StripeEventData Data, bool Livemode, string Type);

internal sealed record StripeEventData(JsonElement Object);

internal sealed record StripeErrorBody(StripeError Error);

internal sealed record StripeError(string Type)
{
    public string? Code { get; init; }

    public string? DeclineCode { get; init; }

    public string? Message { get; init; }

    public string? Param { get; init; }

    public StripePaymentIntent? PaymentIntent { get; init; }
}

/// <summary>An id, or the whole object where it was asked for.</summary>
[JsonConverter(typeof(StripeReferenceConverterFactory))]
internal sealed record StripeReference<T>(string Id, T? Value)
    where T : class;

internal sealed class StripeReferenceConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(StripeReference<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        typeToConvert == typeof(StripeReference<StripeCharge>) ? new Converter<StripeCharge>(charge => charge.Id)
        : typeToConvert == typeof(StripeReference<StripePaymentIntent>) ? new Converter<StripePaymentIntent>(intent => intent.Id)
        : typeToConvert == typeof(StripeReference<StripeBalanceTransaction>) ? new Converter<StripeBalanceTransaction>(transaction => transaction.Id)
        : throw new NotSupportedException(typeToConvert.Name);

    private sealed class Converter<T>(Func<T, string> id) : JsonConverter<StripeReference<T>>
        where T : class
    {
        public override StripeReference<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType is JsonTokenType.String) return new StripeReference<T>(reader.GetString()!, null);
            var value = (T?)JsonSerializer.Deserialize(ref reader, options.GetTypeInfo(typeof(T))) ?? throw new JsonException();
            return new StripeReference<T>(id(value), value);
        }

        public override void Write(Utf8JsonWriter writer, StripeReference<T> value, JsonSerializerOptions options) =>
            throw new NotSupportedException("Stripe's objects are read only.");
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    MaxDepth = 32)]
[JsonSerializable(typeof(StripePaymentIntent))]
[JsonSerializable(typeof(StripeCharge))]
[JsonSerializable(typeof(StripeRefund))]
[JsonSerializable(typeof(StripeDispute))]
[JsonSerializable(typeof(StripeSetupIntent))]
[JsonSerializable(typeof(StripeEvent))]
[JsonSerializable(typeof(StripeErrorBody))]
[JsonSerializable(typeof(StripeList<StripePaymentIntent>))]
[JsonSerializable(typeof(StripeList<StripeRefund>))]
[JsonSerializable(typeof(StripeBalanceTransaction))]
[JsonSerializable(typeof(StripeList<StripeBalanceTransaction>))]
[JsonSerializable(typeof(StripeList<StripeDispute>))]
[JsonSerializable(typeof(StripeList<StripeEvent>))]
internal sealed partial class StripeWire : JsonSerializerContext;
