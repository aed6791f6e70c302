namespace EventFly.StripeSimulator.Cards;

internal sealed record Decline(string Code, string Message, string? DeclineCode = null);

internal enum Authentication { None, Once, Always }

internal enum RefundCourse { Succeeds, Pending, Fails }

internal enum DisputeCourse { None, Fraudulent, NotReceived, Inquiry }

/// <summary>Stripe's published test cards: what each number does.</summary>
internal sealed record TestCard(string Number, string Brand)
{
    public Decline? Decline { get; init; }

    public Authentication Authentication { get; init; }

    public RefundCourse Refunds { get; init; }

    public DisputeCourse Disputes { get; init; }

    public string Funding { get; init; } = "credit";

    /// <summary>Can be set up and attached, and every charge is declined.</summary>
    public bool DeclinesChargesOnly { get; init; }

    public static readonly Decline Generic = new("card_declined", "Your card was declined.", "generic_decline");

    private static readonly Decline InsufficientFunds = new("card_declined", "Your card has insufficient funds.", "insufficient_funds");

    public static readonly TestCard Visa = new("4242424242424242", "visa");

    private static readonly Dictionary<string, TestCard> ByNumber = new TestCard[]
    {
        Visa,
        new("4000056655665556", "visa") { Funding = "debit" },
        new("5555555555554444", "mastercard"),
        new("2223003122003222", "mastercard"),
        new("378282246310005", "amex"),
        new("6011111111111117", "discover"),
        new("4000002760000016", "visa"),
        new("4000008260000000", "visa"),
        new("4000000000000002", "visa") { Decline = Generic },
        new("4000000000000341", "visa") { Decline = Generic, DeclinesChargesOnly = true },
        new("4000000000009995", "visa") { Decline = InsufficientFunds },
        new("4000000000009987", "visa") { Decline = new("card_declined", "Your card was declined.", "lost_card") },
        new("4000000000009979", "visa") { Decline = new("card_declined", "Your card was declined.", "stolen_card") },
        new("4100000000000019", "visa") { Decline = new("card_declined", "Your card was declined.", "fraudulent") },
        new("4000000000000069", "visa") { Decline = new("expired_card", "Your card has expired.", "expired_card") },
        new("4000000000000127", "visa") { Decline = new("incorrect_cvc", "Your card's security code is incorrect.", "incorrect_cvc") },
        new("4000000000000119", "visa")
        {
            Decline = new("processing_error", "An error occurred while processing your card. Try again in a little bit.", "processing_error"),
        },
        new("4000002500003155", "visa") { Authentication = Authentication.Once },
        new("4000002760003184", "visa") { Authentication = Authentication.Always },
        new("4000000000003220", "visa") { Authentication = Authentication.Always },
        new("4000000000003063", "visa") { Authentication = Authentication.Always },
        new("4000008400001629", "visa") { Authentication = Authentication.Always, Decline = Generic, DeclinesChargesOnly = true },
        new("4000008260003178", "visa") { Authentication = Authentication.Always, Decline = InsufficientFunds, DeclinesChargesOnly = true },
        new("4000000000000259", "visa") { Disputes = DisputeCourse.Fraudulent },
        new("4000000000002685", "visa") { Disputes = DisputeCourse.NotReceived },
        new("4000000000001976", "visa") { Disputes = DisputeCourse.Inquiry },
        new("4000000000007726", "visa") { Refunds = RefundCourse.Pending },
        new("4000000000005126", "visa") { Refunds = RefundCourse.Fails },
    }.ToDictionary(card => card.Number);

    private static readonly Dictionary<string, string> ByToken = new(StringComparer.Ordinal)
    {
        ["card_visa"] = "4242424242424242",
        ["card_visa_debit"] = "4000056655665556",
        ["card_mastercard"] = "5555555555554444",
        ["card_amex"] = "378282246310005",
        ["card_discover"] = "6011111111111117",
        ["card_de"] = "4000002760000016",
        ["card_gb"] = "4000008260000000",
        ["card_chargeDeclined"] = "4000000000000002",
        ["card_chargeCustomerFail"] = "4000000000000341",
        ["card_chargeDeclinedInsufficientFunds"] = "4000000000009995",
        ["card_chargeDeclinedLostCard"] = "4000000000009987",
        ["card_chargeDeclinedStolenCard"] = "4000000000009979",
        ["card_chargeDeclinedFraudulent"] = "4100000000000019",
        ["card_chargeDeclinedExpiredCard"] = "4000000000000069",
        ["card_chargeDeclinedIncorrectCvc"] = "4000000000000127",
        ["card_chargeDeclinedProcessingError"] = "4000000000000119",
        ["card_visa_chargeDeclined"] = "4000000000000002",
        ["card_visa_chargeDeclinedInsufficientFunds"] = "4000000000009995",
        ["card_visa_chargeDeclinedLostCard"] = "4000000000009987",
        ["card_visa_chargeDeclinedStolenCard"] = "4000000000009979",
        ["card_threeDSecureRequired"] = "4000000000003063",
        ["card_threeDSecure2Required"] = "4000000000003220",
        ["card_threeDSecureRequiredChargeDeclined"] = "4000008400001629",
        ["card_authenticationRequired"] = "4000002760003184",
        ["card_authenticationRequiredOnSetup"] = "4000002500003155",
        ["card_authenticationRequiredChargeDeclinedInsufficientFunds"] = "4000008260003178",
        ["card_createDispute"] = "4000000000000259",
        ["card_createDisputeProductNotReceived"] = "4000000000002685",
        ["card_createDisputeInquiry"] = "4000000000001976",
        ["card_pendingRefund"] = "4000000000007726",
        ["card_refundFail"] = "4000000000005126",
    };

    public static TestCard? WithNumber(string number) => ByNumber.GetValueOrDefault(number);

    /// <summary><c>pm_card_visa</c>, and <c>tok_visa</c> for the older integrations.</summary>
    public static TestCard? WithToken(string token)
    {
        var name = token.StartsWith("pm_", StringComparison.Ordinal) ? token[3..]
            : token.StartsWith("tok_", StringComparison.Ordinal) ? "card_" + token[4..]
            : "";
        return ByToken.TryGetValue(name, out var number) ? ByNumber[number] : null;
    }

    public static bool IsPlausible(string number)
    {
        var sum = 0;
        for (var i = 0; i < number.Length; i++)
        {
            if (!char.IsAsciiDigit(number[^(i + 1)])) return false;
            var digit = number[^(i + 1)] - '0';
            if (i % 2 == 1) digit = digit * 2 > 9 ? (digit * 2) - 9 : digit * 2;
            sum += digit;
        }

        return number.Length is >= 12 and <= 19 && sum % 10 == 0;
    }
}
