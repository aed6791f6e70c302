namespace EventFly.Payments.Processor;

/// <summary>
/// Stripe's smallest units are ISO 4217's, with exceptions (https://docs.stripe.com/currencies): ISK and UGX have no decimals in ISO,
/// but two at Stripe; MGA has two in ISO, but none at Stripe. Of three decimals Stripe takes only two; it says so itself.
/// </summary>
public static class StripeMoney
{
    private const long Hundred = 100;

    /// <returns>Null when Stripe has no unit that small, or the amount overflows.</returns>
    public static long? ToStripe(long amount, string currency) => currency switch
    {
        "isk" or "ugx" => amount > long.MaxValue / Hundred || amount < long.MinValue / Hundred ? null : amount * Hundred,
        "mga" => amount % Hundred == 0 ? amount / Hundred : null,
        _ => amount,
    };

    public static long FromStripe(long amount, string currency) => currency switch
    {
        "isk" or "ugx" => amount / Hundred,
        "mga" => checked(amount * Hundred),
        _ => amount,
    };
}
