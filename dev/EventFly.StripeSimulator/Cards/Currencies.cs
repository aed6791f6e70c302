using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator.Cards;

/// <summary>Stripe's currencies, smallest charges and odd units (https://docs.stripe.com/currencies).</summary>
internal static class Currencies
{
    private static readonly HashSet<string> Known = [.. (
        "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve "
        + "czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf "
        + "krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php "
        + "pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv "
        + "wst xaf xcd xof xpf yer zar zmw").Split(' ')];

    private static readonly Dictionary<string, long> Least = new()
    {
        ["usd"] = 50, ["aed"] = 200, ["aud"] = 50, ["bgn"] = 100, ["brl"] = 50, ["cad"] = 50, ["chf"] = 50, ["czk"] = 1500, ["dkk"] = 250,
        ["eur"] = 50, ["gbp"] = 30, ["hkd"] = 400, ["huf"] = 17500, ["inr"] = 50, ["jpy"] = 50, ["mxn"] = 1000, ["myr"] = 200, ["nok"] = 300,
        ["nzd"] = 50, ["pln"] = 200, ["ron"] = 200, ["sek"] = 300, ["sgd"] = 50, ["thb"] = 1000,
    };

    /// <summary>Units that Stripe takes only in whole steps: a tenth of a fils, and hundredths of a currency without hundredths.</summary>
    private static readonly Dictionary<string, long> Steps = new()
    {
        ["bhd"] = 10, ["jod"] = 10, ["kwd"] = 10, ["omr"] = 10, ["tnd"] = 10, ["isk"] = 100, ["ugx"] = 100,
    };

    public static (long Amount, string Currency) Read(Parameters parameters)
    {
        var amount = parameters.Integer("amount", least: 0) ?? 0;
        if (!parameters.Has("amount")) parameters.RequiredText("amount");
        var currency = parameters.RequiredText("currency").ToLowerInvariant();
        if (currency.Length > 0 && !Known.Contains(currency))
        {
            parameters.Fail(StripeError.Invalid(
                $"Invalid currency: {currency[..Math.Min(currency.Length, 20)]}. Stripe does not currently support it.", "currency"));
        }

        if (amount < Least.GetValueOrDefault(currency, 1))
        {
            parameters.Fail(StripeError.Invalid(
                $"Amount must be at least {Least.GetValueOrDefault(currency, 1)} {currency}, in its smallest unit.", "amount", "amount_too_small"));
        }

        if (amount > 99_999_999)
        {
            parameters.Fail(StripeError.Invalid("Amount must be no more than 99999999.", "amount", "amount_too_large"));
        }

        if (amount % Steps.GetValueOrDefault(currency, 1) != 0)
        {
            parameters.Fail(StripeError.Invalid($"Amounts in {currency} must be divisible by {Steps[currency]}.", "amount", "parameter_invalid_integer"));
        }

        return (amount, currency);
    }
}
