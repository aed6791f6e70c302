namespace EventFly.Payments.Processor;

/// <param name="Cursor">Null: this was the last page.</param>
public sealed record ProcessorPage<T>(IReadOnlyList<T> Items, string? Cursor);

/// <param name="Id">The same however often it is delivered.</param>
/// <param name="Subject">As it was when the event happened; events come twice, late and in any order.</param>
public sealed record ProcessorEvent(string Id, string Type, DateTimeOffset CreatedAt, bool IsLive, ProcessorEventSubject Subject);

public abstract record ProcessorEventSubject
{
    private ProcessorEventSubject()
    {
    }

    public sealed record Payment(ProcessorPayment State) : ProcessorEventSubject;

    public sealed record Refund(ProcessorRefund State) : ProcessorEventSubject;

    /// <summary>A charge, for example after money went back: how much of it is refunded in all.</summary>
    public sealed record Charge(string ChargeId, string? PaymentId, long Amount, long AmountRefunded, string Currency, bool IsDisputed)
        : ProcessorEventSubject;

    /// <summary>The buyer's bank took the money back. <paramref name="Status"/> ends in won or lost.</summary>
    public sealed record Dispute(
        string DisputeId, string ChargeId, string? PaymentId, long Amount, string Currency, string Reason, string Status)
        : ProcessorEventSubject;

    /// <summary>Nothing that we act on.</summary>
    public sealed record Other : ProcessorEventSubject;
}

public abstract record WebhookResult
{
    private WebhookResult()
    {
    }

    public sealed record Accepted(ProcessorEvent Event) : WebhookResult;

    /// <summary>Codes: signature-missing, signature-malformed, signature-too-old, signature-wrong, body-unreadable.</summary>
    public sealed record Refused(string Code, string Message) : WebhookResult;
}
