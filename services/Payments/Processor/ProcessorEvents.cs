namespace EventFly.Payments.Processor;

/// <param name="From">Inclusive, to the second.</param>
/// <param name="To">Exclusive. Null: until now.</param>
public readonly record struct Created(DateTimeOffset From, DateTimeOffset? To = null)
{
    public static implicit operator Created(DateTimeOffset since) => new(since);
}

/// <summary>The buyer's bank asks for the money back.</summary>
/// <param name="PaymentId">The processor's payment.</param>
/// <param name="Status">Ends in won, lost or warning_closed.</param>
/// <param name="EvidenceDueBy">Until when the bank listens to the seller.</param>
/// <param name="Withdrawn">What has gone so far, without fees.</param>
/// <param name="Reinstated">What has come back so far, without fees.</param>
/// <param name="Fee">What the processor kept for it.</param>
/// <param name="FeeReturned">What it gave back of that.</param>
public sealed record ProcessorDispute(
    string Id, string ChargeId, string? PaymentId, long Amount, string Currency, string Reason, string Status, DateTimeOffset CreatedAt,
    DateTimeOffset? EvidenceDueBy, long Withdrawn, long Reinstated, long Fee, long FeeReturned);

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

    public sealed record Dispute(ProcessorDispute State) : ProcessorEventSubject;

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
