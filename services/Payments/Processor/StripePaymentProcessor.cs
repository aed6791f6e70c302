using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace EventFly.Payments.Processor;

internal sealed class StripePaymentProcessor(StripeConnection stripe, IOptions<StripeOptions> options, TimeProvider clock) : IPaymentProcessor
{
    private const string ExpandCharge = "latest_charge.balance_transaction";
    private const string PageSize = "100";

    /// <summary>Stripe takes at most twenty.</summary>
    private static readonly string[] EventTypes =
    [
        "payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.processing", "payment_intent.canceled",
        "charge.refunded", "refund.created", "refund.updated", "refund.failed",
        "charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed",
        "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated",
    ];

    public async Task<PaymentResult> CreatePayment(NewPayment payment, string attempt, CancellationToken cancellationToken)
    {
        if (StripeMoney.ToStripe(payment.Amount, payment.Currency) is not { } amount) return NoSuchUnit(payment.Amount, payment.Currency);

        var form = new Form
        {
            { "amount", Text(amount) },
            { "currency", payment.Currency },
            { "payment_method_types[0]", "card" },
            { "description", payment.Description },
            { "receipt_email", payment.ReceiptEmail },
            { "expand[0]", ExpandCharge },
        };
        form.AddReference(payment.Reference);
        if (payment.PaymentMethod is { } method)
        {
            form.Add("confirm", "true");
            form.Add("payment_method", method);
            form.Add("return_url", payment.ReturnUrl?.AbsoluteUri);
        }

        return Payment(await stripe.Post(
            "create the payment", "/v1/payment_intents", form, attempt, StripeWire.Default.StripePaymentIntent, cancellationToken));
    }

    public async Task<PaymentResult> ConfirmPayment(
        string paymentId, string paymentMethod, Uri returnUrl, string attempt, CancellationToken cancellationToken) =>
        Payment(await stripe.Post(
            "confirm the payment",
            $"/v1/payment_intents/{Uri.EscapeDataString(paymentId)}/confirm",
            new Form { { "payment_method", paymentMethod }, { "return_url", returnUrl.AbsoluteUri }, { "expand[0]", ExpandCharge } },
            attempt, StripeWire.Default.StripePaymentIntent, cancellationToken));

    public async Task<PaymentResult> FetchPayment(string paymentId, CancellationToken cancellationToken) =>
        Payment(await stripe.Get(
            "fetch the payment", $"/v1/payment_intents/{Uri.EscapeDataString(paymentId)}?expand[0]={ExpandCharge}",
            StripeWire.Default.StripePaymentIntent, cancellationToken));

    public async Task<PaymentResult> CancelPayment(string paymentId, string attempt, CancellationToken cancellationToken) =>
        Payment(await stripe.Post(
            "cancel the payment",
            $"/v1/payment_intents/{Uri.EscapeDataString(paymentId)}/cancel",
            new Form { { "cancellation_reason", "abandoned" }, { "expand[0]", ExpandCharge } },
            attempt, StripeWire.Default.StripePaymentIntent, cancellationToken));

    public async Task<RefundResult> Refund(NewRefund refund, string attempt, CancellationToken cancellationToken)
    {
        var form = new Form
        {
            { "payment_intent", refund.PaymentId },
            { "reason", refund.Reason switch
                {
                    RefundReason.Duplicate => "duplicate",
                    RefundReason.Fraudulent => "fraudulent",
                    _ => "requested_by_customer",
                }
            },
            { $"metadata[{StripeReading.RefundId}]", refund.RefundId.ToString() },
        };
        if (refund.Reference is { } reference) form.AddReference(reference);
        if (refund.Amount is { } part)
        {
            if (StripeMoney.ToStripe(part, refund.Currency) is not { } amount)
            {
                var problem = NoSuchUnit(part, refund.Currency).Outcome as PaymentOutcome.Rejected;
                return new RefundResult(new RefundOutcome.Rejected(problem!.Code, problem.Message, problem.Parameter), null);
            }

            form.Add("amount", Text(amount));
        }

        return Refund(await stripe.Post("refund the payment", "/v1/refunds", form, attempt, StripeWire.Default.StripeRefund, cancellationToken));
    }

    public async Task<RefundResult> FetchRefund(string refundId, CancellationToken cancellationToken) =>
        Refund(await stripe.Get(
            "fetch the refund", $"/v1/refunds/{Uri.EscapeDataString(refundId)}", StripeWire.Default.StripeRefund, cancellationToken));

    public async Task<PaymentDetailsResult> ValidatePaymentDetails(string paymentMethod, string attempt, CancellationToken cancellationToken)
    {
        var answer = await stripe.Post(
            "validate the payment details", "/v1/setup_intents",
            new Form
            {
                { "confirm", "true" },
                { "payment_method", paymentMethod },
                { "payment_method_types[0]", "card" },
                { "usage", "on_session" },
            },
            attempt, StripeWire.Default.StripeSetupIntent, cancellationToken);

        return answer switch
        {
            { Error: { } error } => new PaymentDetailsResult.Invalid(error.Code ?? error.Type, error.Message ?? "", error.DeclineCode),
            { Value.Status: "succeeded" or "processing" } => new PaymentDetailsResult.Valid(),
            { Value.Status: "requires_action" } => new PaymentDetailsResult.RequiresAuthentication(),
            { Value.LastSetupError: { } error } => new PaymentDetailsResult.Invalid(error.Code ?? error.Type, error.Message ?? "", error.DeclineCode),
            _ => throw new PaymentProcessorException($"A set-up with status {answer.Value?.Status} makes no sense", answer.RequestId),
        };
    }

    public async Task<ProcessorPage<ProcessorPayment>> ListPayments(
        Created created, string? cursor, CancellationToken cancellationToken) =>
        Page(
            await stripe.Get(
                "list payments", $"/v1/payment_intents{Range(created, cursor)}&expand[0]=data.{ExpandCharge}",
                StripeWire.Default.StripeListStripePaymentIntent, cancellationToken),
            StripeReading.Payment, payment => payment.Id);

    public async Task<ProcessorPage<ProcessorRefund>> ListRefunds(
        Created created, string? cursor, CancellationToken cancellationToken) =>
        Page(
            await stripe.Get(
                "list refunds", $"/v1/refunds{Range(created, cursor)}", StripeWire.Default.StripeListStripeRefund, cancellationToken),
            StripeReading.Refund, refund => refund.Id);

    public async Task<ProcessorPage<ProcessorDispute>> ListDisputes(Created created, string? cursor, CancellationToken cancellationToken) =>
        Page(
            await stripe.Get(
                "list disputes", $"/v1/disputes{Range(created, cursor)}", StripeWire.Default.StripeListStripeDispute, cancellationToken),
            StripeReading.Dispute, dispute => dispute.Id);

    public async Task<ProcessorPage<ProcessorMovement>> ListMovements(Created created, string? cursor, CancellationToken cancellationToken) =>
        Page(
            await stripe.Get(
                "list balance transactions", $"/v1/balance_transactions{Range(created, cursor)}",
                StripeWire.Default.StripeListStripeBalanceTransaction, cancellationToken),
            StripeReading.Movement, movement => movement.Id);

    public async Task<IReadOnlyList<ProcessorMovement>> MovementsOf(string sourceId, CancellationToken cancellationToken) =>
        Page(
            await stripe.Get(
                "list balance transactions", $"/v1/balance_transactions?limit={PageSize}&source={Uri.EscapeDataString(sourceId)}",
                StripeWire.Default.StripeListStripeBalanceTransaction, cancellationToken),
            StripeReading.Movement, movement => movement.Id).Items;

    public async Task<ProcessorPage<ProcessorEvent>> ListEvents(
        Created created, string? cursor, CancellationToken cancellationToken) =>
        Page(
            await stripe.Get(
                "list events", $"/v1/events{Range(created, cursor)}&{string.Join('&', EventTypes.Select((type, i) => $"types[{i}]={type}"))}",
                StripeWire.Default.StripeListStripeEvent, cancellationToken),
            StripeReading.Event, happened => happened.Id);

    public WebhookResult ReadWebhook(ReadOnlySpan<byte> body, string? signature)
    {
        if (StripeWebhookSignature.Check(body, signature, options.Value.WebhookSecret, clock.GetUtcNow()) is { } refused) return refused;
        try
        {
            var happened = JsonSerializer.Deserialize(body, StripeWire.Default.StripeEvent) ?? throw new JsonException("null");
            return new WebhookResult.Accepted(StripeReading.Event(happened));
        }
        catch (JsonException exception)
        {
            return new WebhookResult.Refused("body-unreadable", $"The signed body is not an event that we can read: {exception.Message}");
        }
    }

    private static PaymentResult Payment(StripeAnswer<StripePaymentIntent> answer) => Sensible(answer.RequestId, () =>
    {
        if (answer.Value is { } intent)
        {
            var payment = StripeReading.Payment(intent);
            return new PaymentResult(payment.Outcome, payment);
        }

        var error = answer.Error!;
        var known = error.PaymentIntent is { } inside ? StripeReading.Payment(inside) : null;
        PaymentOutcome outcome = error switch
        {
            _ when answer.Status is 402 => StripeReading.Declined(error),
            // It is further than we thought: paid, cancelled. Its true state is the answer.
            { Code: "payment_intent_unexpected_state" } when known is not null => known.Outcome,
            _ => new PaymentOutcome.Rejected(error.Code ?? error.Type, error.Message ?? "", error.Param),
        };
        return new PaymentResult(outcome, known);
    });

    private static RefundResult Refund(StripeAnswer<StripeRefund> answer) => Sensible(answer.RequestId, () =>
    {
        if (answer.Value is { } value)
        {
            var refund = StripeReading.Refund(value);
            return new RefundResult(refund.Outcome, refund);
        }

        var error = answer.Error!;
        return new RefundResult(new RefundOutcome.Rejected(error.Code ?? error.Type, error.Message ?? "", error.Param), null);
    });

    private static ProcessorPage<TOurs> Page<TTheirs, TOurs>(
        StripeAnswer<StripeList<TTheirs>> answer, Func<TTheirs, TOurs> read, Func<TTheirs, string> id)
        where TTheirs : class => Sensible(answer.RequestId, () =>
    {
        if (answer.Value is not { } list)
        {
            throw new PaymentProcessorException($"Stripe does not list: {answer.Error!.Code ?? answer.Error.Type}", answer.RequestId);
        }

        return new ProcessorPage<TOurs>([.. list.Data.Select(read)], list.HasMore && list.Data.Count > 0 ? id(list.Data[^1]) : null);
    });

    private static T Sensible<T>(string? requestId, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (JsonException exception)
        {
            throw new PaymentProcessorException($"Stripe's answer makes no sense: {exception.Message}", requestId, exception);
        }
    }

    private static PaymentResult NoSuchUnit(long amount, string currency) => new(
        new PaymentOutcome.Rejected(
            "amount_not_representable", $"{Text(amount)} {currency} in its smallest unit is not a whole number of Stripe's units.", "amount"),
        null);

    private static string Range(Created created, string? cursor) =>
        $"?limit={PageSize}&created[gte]={Text(created.From.ToUnixTimeSeconds())}"
        + (created.To is { } to ? $"&created[lt]={Text(to.ToUnixTimeSeconds())}" : "")
        + (cursor is null ? "" : $"&starting_after={Uri.EscapeDataString(cursor)}");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Form fields in order; what is null is left out.</summary>
    private sealed class Form : List<KeyValuePair<string, string>>
    {
        public void Add(string name, string? value)
        {
            if (value is not null) Add(KeyValuePair.Create(name, value));
        }

        public void AddReference(PaymentReference reference)
        {
            Add($"metadata[{StripeReading.PaymentId}]", reference.PaymentId.ToString());
            Add($"metadata[{StripeReading.OrderId}]", reference.OrderId.ToString());
            Add($"metadata[{StripeReading.EventId}]", reference.EventId?.ToString());
            Add($"metadata[{StripeReading.OrganizationId}]", reference.OrganizationId?.ToString());
        }
    }
}
