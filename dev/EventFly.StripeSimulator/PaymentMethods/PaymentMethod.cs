using System.Text.Json.Serialization;
using EventFly.StripeSimulator.Cards;
using EventFly.StripeSimulator.Storage;

namespace EventFly.StripeSimulator.PaymentMethods;

internal sealed record Address
{
    public string? City { get; init; }

    public string? Country { get; init; }

    public string? Line1 { get; init; }

    public string? Line2 { get; init; }

    public string? PostalCode { get; init; }

    public string? State { get; init; }

    public static readonly Address None = new();
}

internal sealed record BillingDetails
{
    public Address Address { get; init; } = Address.None;

    public string? Email { get; init; }

    public string? Name { get; init; }

    public string? Phone { get; init; }

    public string? TaxId { get; init; }

    public static readonly BillingDetails None = new();
}

internal sealed record CardChecks
{
    public string? AddressLine1Check { get; init; }

    public string? AddressPostalCodeCheck { get; init; }

    public string? CvcCheck { get; init; } = "pass";

    public static readonly CardChecks Passed = new();
}

internal sealed record CardNetworks(IReadOnlyList<string> Available)
{
    public string? Preferred { get; init; }
}

internal sealed record ThreeDSecureUsage(bool Supported);

internal sealed record Card
{
    public required string Brand { get; init; }

    public CardChecks Checks { get; init; } = CardChecks.Passed;

    public string Country { get; init; } = "US";

    public required string DisplayBrand { get; init; }

    public required long ExpMonth { get; init; }

    public required long ExpYear { get; init; }

    public required string Fingerprint { get; init; }

    public required string Funding { get; init; }

    public object? GeneratedFrom { get; init; }

    public required string Last4 { get; init; }

    public required CardNetworks Networks { get; init; }

    public string? RegulatedStatus { get; init; }

    public ThreeDSecureUsage ThreeDSecureUsage { get; init; } = new(true);

    public object? Wallet { get; init; }
}

internal sealed record PaymentMethod : IStripeObject
{
    public required string Id { get; init; }

    public string Object { get; } = "payment_method";

    public string AllowRedisplay { get; init; } = "unspecified";

    public BillingDetails BillingDetails { get; init; } = BillingDetails.None;

    public required Card Card { get; init; }

    public required long Created { get; init; }

    public string? Customer { get; init; }

    public string? CustomerAccount { get; init; }

    public bool Livemode { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public string Type { get; } = "card";

    [JsonIgnore]
    public TestCard TestCard { get; init; } = TestCard.Visa;

    /// <summary>Set up with authentication before, so that cards which ask once do not ask again.</summary>
    [JsonIgnore]
    public bool IsAuthenticated { get; init; }
}
