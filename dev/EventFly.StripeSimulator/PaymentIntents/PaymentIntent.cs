using System.Text.Json.Serialization;
using EventFly.StripeSimulator.Storage;
using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator.PaymentIntents;

internal sealed record AmountDetails(Empty Tip)
{
    public static readonly AmountDetails None = new(Empty.Object);
}

internal sealed record AutomaticPaymentMethods(bool Enabled);

internal sealed record RedirectToUrl(string ReturnUrl, string Url);

internal sealed record NextAction
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RedirectToUrl? RedirectToUrl { get; init; }

    public required string Type { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Empty? UseStripeSdk { get; init; }

    /// <summary>The buyer is sent to the bank's page, or left to Stripe's script where there is no way back from there.</summary>
    public static NextAction Authenticate(string intentId, string key, string? returnUrl, StripeRequest request) => returnUrl is null
        ? new NextAction { Type = "use_stripe_sdk", UseStripeSdk = Empty.Object }
        : new NextAction
        {
            Type = "redirect_to_url",
            RedirectToUrl = new RedirectToUrl(returnUrl, new Uri(request.BaseUrl, $"/_simulator/three-d-secure/{intentId}?key={key}").AbsoluteUri),
        };
}

internal sealed record PaymentIntent : IStripeObject
{
    public required string Id { get; init; }

    public string Object { get; } = "payment_intent";

    public required long Amount { get; init; }

    public long AmountCapturable { get; init; }

    public AmountDetails AmountDetails { get; init; } = AmountDetails.None;

    public long AmountReceived { get; init; }

    public string? Application { get; init; }

    public long? ApplicationFeeAmount { get; init; }

    public AutomaticPaymentMethods? AutomaticPaymentMethods { get; init; }

    public long? CanceledAt { get; init; }

    public string? CancellationReason { get; init; }

    public string CaptureMethod { get; } = "automatic_async";

    public required string ClientSecret { get; init; }

    public string ConfirmationMethod { get; } = "automatic";

    public required long Created { get; init; }

    public required string Currency { get; init; }

    public object? Customer { get; init; }

    public string? Description { get; init; }

    public StripeError? LastPaymentError { get; init; }

    public object? LatestCharge { get; init; }

    public bool Livemode { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public NextAction? NextAction { get; init; }

    public string? OnBehalfOf { get; init; }

    public object? PaymentMethod { get; init; }

    public object? PaymentMethodConfigurationDetails { get; init; }

    public Empty PaymentMethodOptions { get; init; } = Empty.Object;

    public IReadOnlyList<string> PaymentMethodTypes { get; init; } = CardOnly;

    public object? Processing { get; init; }

    public string? ReceiptEmail { get; init; }

    public string? Review { get; init; }

    public string? SetupFutureUsage { get; init; }

    public object? Shipping { get; init; }

    public object? Source { get; init; }

    public string? StatementDescriptor { get; init; }

    public string? StatementDescriptorSuffix { get; init; }

    public required string Status { get; init; }

    public object? TransferData { get; init; }

    public string? TransferGroup { get; init; }

    /// <summary>What the authentication page must know; a new one for each attempt.</summary>
    [JsonIgnore]
    public string? AuthenticationKey { get; init; }

    [JsonIgnore]
    public string? ReturnUrl { get; init; }

    public static readonly IReadOnlyList<string> CardOnly = ["card"];
}
