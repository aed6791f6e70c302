using System.ComponentModel.DataAnnotations;

namespace EventFly.Payments;

/// <summary>Section "Payments".</summary>
internal sealed class PaymentsOptions
{
    /// <summary>How long a payment waits for the message about its order. 0: not at all.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:08")]
    public TimeSpan OrderWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Payments that may wait so at once; one more is answered at once.</summary>
    [Range(0, 100_000)]
    public int MostWaiting { get; set; } = 2_000;

    /// <summary>Attempts to pay one order. Bounds those who try out stolen cards, too.</summary>
    [Range(1, 200)]
    public int MostAttempts { get; set; } = 20;

    /// <summary>Where the buyer comes back to from the bank when the request names no page.</summary>
    public Uri ReturnUrl { get; set; } = new("http://localhost/");

    /// <summary>How often payments and refunds without an outcome are looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>An attempt is looked after when it has had no outcome for so long.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan SettleAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>For one conversation with the processor about one payment or refund.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan AskTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>Attempts and refunds that one round looks after at most.</summary>
    [Range(1, 100_000)]
    public int MostPerSweep { get; set; } = 2_000;

    /// <summary>Conversations with the processor that a round has at once.</summary>
    [Range(1, 64)]
    public int SweepLanes { get; set; } = 4;
}
