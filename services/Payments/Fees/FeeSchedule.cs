using System.ComponentModel.DataAnnotations;

namespace EventFly.Payments.Fees;

/// <summary>What the platform takes of a paid order. Amounts are in minor units, by currency; a currency that is not named has none.</summary>
public sealed class FeeSchedule
{
    /// <summary>Of what the buyer pays.</summary>
    [Range(0, 100)]
    public decimal Percent { get; set; }

    public Dictionary<string, long> PerTicket { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, long> PerOrder { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, long> Least { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, long> Most { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a refund that the organiser makes returns its share of the fee.</summary>
    public bool IsReturnedOnRefund { get; set; }

    /// <summary>Never more than the order. Halves of a minor unit are rounded up.</summary>
    /// <param name="amount">What the buyer pays, in minor units.</param>
    /// <param name="tickets">How many tickets that is for.</param>
    public long Of(long amount, int tickets, string currency)
    {
        if (amount <= 0) return 0;
        var fee = (long)Math.Round(amount * Percent / 100, MidpointRounding.AwayFromZero)
            + (PerTicket.GetValueOrDefault(currency) * tickets)
            + PerOrder.GetValueOrDefault(currency);
        fee = Math.Max(fee, Least.GetValueOrDefault(currency));
        if (Most.TryGetValue(currency, out var most)) fee = Math.Min(fee, most);
        return Math.Clamp(fee, 0, amount);
    }
}
