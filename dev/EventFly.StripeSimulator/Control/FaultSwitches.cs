namespace EventFly.StripeSimulator.Control;

/// <summary>How the simulator misbehaves. All off is a good day at Stripe.</summary>
internal sealed record Faults
{
    /// <summary>Every webhook leaves this much later.</summary>
    public int WebhookDelayMs { get; init; }

    /// <summary>Every webhook is sent twice.</summary>
    public bool WebhookDuplicate { get; init; }

    /// <summary>Webhooks leave in pairs, the later one first.</summary>
    public bool WebhookOutOfOrder { get; init; }

    /// <summary>The first try of every webhook is lost; the retry brings it.</summary>
    public bool WebhookDropFirst { get; init; }

    /// <summary>Every card is declined.</summary>
    public bool DeclineEverything { get; init; }

    /// <summary>Payments stay in processing for this long before they succeed.</summary>
    public int SettleAfterMs { get; init; }

    /// <summary>Every API call takes this much longer.</summary>
    public int LatencyMs { get; init; }

    /// <summary>The share (0 to 1) of POSTs that end in 500 with nothing done.</summary>
    public double ErrorRate { get; init; }

    /// <summary>The next so many POSTs end in 500 with nothing done.</summary>
    public int FailNextRequests { get; init; }

    /// <summary>The share (0 to 1) of POSTs that are done, but whose connection breaks before the answer.</summary>
    public double LoseAnswerRate { get; init; }

    /// <summary>The next so many POSTs are done, but their connection breaks before the answer.</summary>
    public int LoseNextAnswers { get; init; }
}

/// <summary>The same, with what stays as it is left out.</summary>
internal sealed record FaultsChange(
    int? WebhookDelayMs, bool? WebhookDuplicate, bool? WebhookOutOfOrder, bool? WebhookDropFirst, bool? DeclineEverything, int? SettleAfterMs,
    int? LatencyMs, double? ErrorRate, int? FailNextRequests, double? LoseAnswerRate, int? LoseNextAnswers)
{
    public string? Fault() =>
        WebhookDelayMs is < 0 or > 600_000 ? "webhookDelayMs must be 0 to 600000"
        : SettleAfterMs is < 0 or > 600_000 ? "settleAfterMs must be 0 to 600000"
        : LatencyMs is < 0 or > 120_000 ? "latencyMs must be 0 to 120000"
        : ErrorRate is < 0 or > 1 or double.NaN ? "errorRate must be 0 to 1"
        : LoseAnswerRate is < 0 or > 1 or double.NaN ? "loseAnswerRate must be 0 to 1"
        : FailNextRequests is < 0 ? "failNextRequests must not be negative"
        : LoseNextAnswers is < 0 ? "loseNextAnswers must not be negative"
        : null;

    public Faults ApplyTo(Faults before) => new()
    {
        WebhookDelayMs = WebhookDelayMs ?? before.WebhookDelayMs,
        WebhookDuplicate = WebhookDuplicate ?? before.WebhookDuplicate,
        WebhookOutOfOrder = WebhookOutOfOrder ?? before.WebhookOutOfOrder,
        WebhookDropFirst = WebhookDropFirst ?? before.WebhookDropFirst,
        DeclineEverything = DeclineEverything ?? before.DeclineEverything,
        SettleAfterMs = SettleAfterMs ?? before.SettleAfterMs,
        LatencyMs = LatencyMs ?? before.LatencyMs,
        ErrorRate = ErrorRate ?? before.ErrorRate,
        FailNextRequests = FailNextRequests ?? before.FailNextRequests,
        LoseAnswerRate = LoseAnswerRate ?? before.LoseAnswerRate,
        LoseNextAnswers = LoseNextAnswers ?? before.LoseNextAnswers,
    };
}

internal sealed class FaultSwitches
{
    private readonly Lock gate = new();
    private volatile Faults current = new();

    public Faults Current => current;

    public Faults Change(Func<Faults, Faults> change)
    {
        lock (gate) return current = change(current);
    }

    public bool TakeFailure() =>
        Take(faults => faults.FailNextRequests, faults => faults with { FailNextRequests = faults.FailNextRequests - 1 })
        || IsHit(current.ErrorRate);

    public bool TakeLostAnswer() =>
        Take(faults => faults.LoseNextAnswers, faults => faults with { LoseNextAnswers = faults.LoseNextAnswers - 1 })
        || IsHit(current.LoseAnswerRate);

    private bool Take(Func<Faults, int> left, Func<Faults, Faults> taken)
    {
        if (left(current) <= 0) return false;
        lock (gate)
        {
            if (left(current) <= 0) return false;
            current = taken(current);
            return true;
        }
    }

    private static bool IsHit(double rate) => rate > 0 && Random.Shared.NextDouble() < rate;
}
