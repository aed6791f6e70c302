namespace EventFly.Payments.Processor;

/// <summary>What a payment is for. Kept at the processor too, so that either side can find the other.</summary>
public sealed record PaymentReference(Guid PaymentId, Guid OrderId, Guid? EventId = null, Guid? OrganizationId = null);

/// <param name="PaymentMethod">A token from the processor's own form; never a card number. Null: the buyer's browser confirms later.</param>
/// <param name="ReturnUrl">Where the buyer comes back to from the bank's authentication page.</param>
public sealed record NewPayment(
    PaymentReference Reference, long Amount, string Currency, string? PaymentMethod, Uri? ReturnUrl,
    string? Description = null, string? ReceiptEmail = null);

public sealed record PaymentCard(string Brand, string Last4);

/// <param name="Amount">What was asked for.</param>
/// <param name="AmountReceived">What the buyer paid.</param>
/// <param name="AmountRefunded">What went back. Null: not told by this answer.</param>
/// <param name="Reference">Null: not created by us.</param>
/// <param name="Fee">What the processor keeps of the charge. Null: not told, or kept in another currency than the buyer paid in.</param>
/// <param name="ChargeId">The last try to take the money, also a failed one.</param>
public sealed record ProcessorPayment(
    string Id, PaymentOutcome Outcome, long Amount, long AmountReceived, long? AmountRefunded, string Currency, PaymentReference? Reference,
    string? ChargeId, PaymentCard? Card, DateTimeOffset CreatedAt, long? Fee = null);

/// <param name="Payment">Null only where there is none: refused before one came into being, or unknown.</param>
public sealed record PaymentResult(PaymentOutcome Outcome, ProcessorPayment? Payment);

public abstract record PaymentOutcome
{
    private PaymentOutcome()
    {
    }

    public sealed record Succeeded(string ChargeId) : PaymentOutcome;

    /// <summary>The buyer has to do something: authenticate at <paramref name="Url"/>, or in the browser with the secret.</summary>
    public sealed record RequiresAction(Uri? Url, string ClientSecret) : PaymentOutcome;

    /// <summary>No payment method has been given yet; the browser may confirm with the secret.</summary>
    public sealed record RequiresPaymentMethod(string ClientSecret) : PaymentOutcome;

    /// <summary>The bank takes its time; the answer comes by webhook.</summary>
    public sealed record Processing : PaymentOutcome;

    /// <summary>The bank said no, or the buyer failed to authenticate. Another try with another card is possible.</summary>
    public sealed record Declined(string Code, string Message, string? DeclineCode) : PaymentOutcome;

    public sealed record Canceled(string? Reason) : PaymentOutcome;

    /// <summary>The processor does not take the request: amount too small, unknown payment. The same request never will be taken.</summary>
    public sealed record Rejected(string Code, string Message, string? Parameter) : PaymentOutcome;
}
