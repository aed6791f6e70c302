namespace EventFly.Payments.Processor;

/// <summary>
/// Whoever moves the money. Amounts are in the smallest unit of ISO 4217 and currencies are three lower-case letters.
/// <para>What the buyer, the bank or the processor decided comes back as data. Two things are thrown:
/// <see cref="PaymentProcessorUnavailableException"/> (ask again with the same key: the work may or may not have been done) and
/// <see cref="PaymentProcessorException"/> (asking again does not help: wrong key, unreadable answer).</para>
/// <para>An <c>attempt</c> key names one try: a repetition of the same try carries the same key, a new try a new one.</para>
/// </summary>
public interface IPaymentProcessor
{
    /// <summary>Creates a payment, and confirms it at once when a payment method is given.</summary>
    Task<PaymentResult> CreatePayment(NewPayment payment, string attempt, CancellationToken cancellationToken);

    /// <summary>Confirms a payment with a (new) payment method, for example after a decline.</summary>
    Task<PaymentResult> ConfirmPayment(
        string paymentId, string paymentMethod, Uri returnUrl, string attempt, CancellationToken cancellationToken);

    Task<PaymentResult> FetchPayment(string paymentId, CancellationToken cancellationToken);

    /// <summary>Cancels what has not been paid. A payment that went through in between comes back as it is: succeeded.</summary>
    Task<PaymentResult> CancelPayment(string paymentId, string attempt, CancellationToken cancellationToken);

    /// <summary>Gives money back: all that is left, or <see cref="NewRefund.Amount"/> of it. The same attempt refunds once.</summary>
    Task<RefundResult> Refund(NewRefund refund, string attempt, CancellationToken cancellationToken);

    Task<RefundResult> FetchRefund(string refundId, CancellationToken cancellationToken);

    /// <summary>Asks the buyer's bank whether the payment method would be good, without taking money.</summary>
    Task<PaymentDetailsResult> ValidatePaymentDetails(string paymentMethod, string attempt, CancellationToken cancellationToken);

    /// <summary>Payments created in a span of time, newest first.</summary>
    Task<ProcessorPage<ProcessorPayment>> ListPayments(Created created, string? cursor, CancellationToken cancellationToken);

    /// <summary>Refunds created in a span of time, newest first.</summary>
    Task<ProcessorPage<ProcessorRefund>> ListRefunds(Created created, string? cursor, CancellationToken cancellationToken);

    /// <summary>Disputes created in a span of time, newest first.</summary>
    Task<ProcessorPage<ProcessorDispute>> ListDisputes(Created created, string? cursor, CancellationToken cancellationToken);

    /// <summary>How our money moved there in a span of time, newest first.</summary>
    Task<ProcessorPage<ProcessorMovement>> ListMovements(Created created, string? cursor, CancellationToken cancellationToken);

    /// <summary>How it moved for one charge, refund or dispute.</summary>
    Task<IReadOnlyList<ProcessorMovement>> MovementsOf(string sourceId, CancellationToken cancellationToken);

    /// <summary>What the webhooks told, or should have, newest first. The processor keeps it for some weeks.</summary>
    Task<ProcessorPage<ProcessorEvent>> ListEvents(Created created, string? cursor, CancellationToken cancellationToken);

    /// <summary>Checks the signature over the raw body first; nothing of an unsigned body is read.</summary>
    WebhookResult ReadWebhook(ReadOnlySpan<byte> body, string? signature);
}
