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

    /// <summary>Money that came in has to be tickets, or on its way back, within this time; then there is an alert.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan TicketsWithin { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the books, the orders and the processor are compared.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan ReconcileEvery { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What happened that recently is left for the next comparison: it may still be on its way.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ReconcileAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>After that a request cannot be on its way to the processor any more: what the processor does not know by then, it never heard of.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan LongestFlight { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Attempts and refunds that one round looks after at most.</summary>
    [Range(1, 100_000)]
    public int MostPerSweep { get; set; } = 2_000;

    /// <summary>Conversations with the processor that a round has at once.</summary>
    [Range(1, 64)]
    public int SweepLanes { get; set; } = 4;
}
