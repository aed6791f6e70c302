using System.Text.Json.Serialization;
using EventFly.StripeSimulator.Cards;
using EventFly.StripeSimulator.PaymentMethods;
using EventFly.StripeSimulator.Storage;
using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator.Charges;

internal sealed record Outcome
{
    public string? AdviceCode { get; init; }

    public string? NetworkAdviceCode { get; init; }

    public string? NetworkDeclineCode { get; init; }

    public required string NetworkStatus { get; init; }

    public string? Reason { get; init; }

    public required string SellerMessage { get; init; }

    public required string Type { get; init; }

    public static readonly Outcome Authorized = new()
    {
        NetworkStatus = "approved_by_network",
        SellerMessage = "Payment complete.",
        Type = "authorized",
    };

    public static Outcome Declined(Decline decline) => new()
    {
        NetworkStatus = "declined_by_network",
        NetworkDeclineCode = "05",
        Reason = decline.DeclineCode,
        SellerMessage = "The bank did not return any further details with this decline.",
        Type = "issuer_declined",
    };
}

internal sealed record ThreeDSecureResult
{
    public string AuthenticationFlow { get; } = "challenge";

    public string? ElectronicCommerceIndicator { get; } = "05";

    public string? ExemptionIndicator { get; }

    public string Result { get; } = "authenticated";

    public string? ResultReason { get; }

    public string? TransactionId { get; }

    public string Version { get; } = "2.2.0";

    public static readonly ThreeDSecureResult Authenticated = new();
}

internal sealed record ChargedCard
{
    public required long AmountAuthorized { get; init; }

    public string? AuthorizationCode { get; init; }

    public required string Brand { get; init; }

    public CardChecks Checks { get; init; } = CardChecks.Passed;

    public required string Country { get; init; }

    public required long ExpMonth { get; init; }

    public required long ExpYear { get; init; }

    public required string Fingerprint { get; init; }

    public required string Funding { get; init; }

    public object? Installments { get; init; }

    public required string Last4 { get; init; }

    public string? Mandate { get; init; }

    public required string Network { get; init; }

    public string? RegulatedStatus { get; init; }

    public ThreeDSecureResult? ThreeDSecure { get; init; }

    public object? Wallet { get; init; }
}

internal sealed record PaymentMethodDetails(ChargedCard Card)
{
    public string Type { get; } = "card";
}

internal sealed record Charge : IStripeObject
{
    public required string Id { get; init; }

    public string Object { get; } = "charge";

    public required long Amount { get; init; }

    public required long AmountCaptured { get; init; }

    public long AmountRefunded { get; init; }

    public string? Application { get; init; }

    public string? ApplicationFee { get; init; }

    public long? ApplicationFeeAmount { get; init; }

    public object? BalanceTransaction { get; init; }

    public required BillingDetails BillingDetails { get; init; }

    public string? CalculatedStatementDescriptor { get; init; } = "EVENTFLY";

    public required bool Captured { get; init; }

    public required long Created { get; init; }

    public required string Currency { get; init; }

    public object? Customer { get; init; }

    public string? Description { get; init; }

    public bool Disputed { get; init; }

    public string? FailureBalanceTransaction { get; init; }

    public string? FailureCode { get; init; }

    public string? FailureMessage { get; init; }

    public Empty FraudDetails { get; init; } = Empty.Object;

    public bool Livemode { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public string? OnBehalfOf { get; init; }

    public required Outcome Outcome { get; init; }

    public required bool Paid { get; init; }

    public object? PaymentIntent { get; init; }

    public required string PaymentMethod { get; init; }

    public required PaymentMethodDetails PaymentMethodDetails { get; init; }

    public string? ReceiptEmail { get; init; }

    public string? ReceiptNumber { get; init; }

    public string? ReceiptUrl { get; init; }

    public bool Refunded { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StripeList? Refunds { get; init; }

    public string? Review { get; init; }

    public object? Shipping { get; init; }

    public object? Source { get; init; }

    public string? SourceTransfer { get; init; }

    public string? StatementDescriptor { get; init; }

    public string? StatementDescriptorSuffix { get; init; }

    public required string Status { get; init; }

    public object? TransferData { get; init; }

    public string? TransferGroup { get; init; }

    [JsonIgnore]
    public RefundCourse RefundCourse { get; init; }
}
