using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Payments.Ledger;
using EventFly.Payments.PayableOrders;
using EventFly.Payments.Processor;
using Microsoft.Extensions.Options;

namespace EventFly.Payments.Payments;

/// <summary>
/// Brings an attempt to pay forward: asks the processor, stores what it says, gives the order's place free. May be called for any attempt at any
/// time, from a request, a message or the sweep: each step is safe to repeat, and a crash between two of them leaves the place taken, so that the
/// sweep finds it.
/// </summary>
internal sealed partial class TakePayment(
    PaymentDecisions payments, Documents<PayableOrder> orders, Journal journal, IPaymentProcessor processor, TimeProvider clock, IOptions<PaymentsOptions> options,
    IHostApplicationLifetime lifetime, ILogger<TakePayment> logger)
{
    /// <summary>The processor forgets idempotency keys after a day; a repetition after that would charge anew.</summary>
    private static readonly TimeSpan KeyIsGood = TimeSpan.FromHours(20);

    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(2);

    private const int MostPages = 100;

    private readonly RecentlyPaid paid = new();

    private readonly OneAtATime<Settled> attempts = new(options.Value.AskTimeout, clock, lifetime.ApplicationStopping);

    /// <returns>The order as it is now; null: none is known.</returns>
    public async Task<(PayableOrder? Order, Refusal? Refusal)> Admit(
        Guid orderId, Guid paymentId, Guid buyerId, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            var (order, refusal) = await orders.Change(
                PayableOrder.IdOf(orderId),
                known => (known?.Body ?? PayableOrder.Unknown(orderId)).Admit(paymentId, buyerId, clock.GetUtcNow(), options.Value.MostAttempts),
                cancellationToken);
            if (refusal is not { Code: "payment-in-progress" } || round == 3 || order?.Body.Open is not { } holder) return (order?.Body, refusal);

            // The one in the way may be over, and only a crash kept it from leaving.
            var other = await payments.Read(holder.PaymentId, cancellationToken);
            if (!other.HasOutcome && IsOf(orderId, other)) return (order.Body, refusal);
            await Leave(orderId, holder.PaymentId, other, cancellationToken);
        }
    }

    /// <summary>
    /// Brings it as far as it goes now. A refusal says that the processor (or our store) did not answer: nothing is known to be lost, the sweep goes on.
    /// </summary>
    /// <param name="orderId">The order that it pays.</param>
    /// <param name="paymentId">The attempt.</param>
    /// <param name="cancellationToken">Ends the wait, not the work.</param>
    /// <param name="admitted">The attempt as it is, where it was admitted right before this.</param>
    public Task<Settled> Settle(Guid orderId, Guid paymentId, CancellationToken cancellationToken, Payment? admitted = null) =>
        attempts.Run(paymentId, stopping => Work(orderId, paymentId, false, stopping, admitted), cancellationToken);

    /// <summary>The same, and an attempt that still waits for the buyer is called off.</summary>
    public async Task<Settled> CallOff(Guid orderId, Guid paymentId, CancellationToken cancellationToken)
    {
        var settled = await Settle(orderId, paymentId, cancellationToken);
        return settled is { Refusal: null, Payment.Status: PaymentStatus.RequiresAction }
            ? await attempts.Run(paymentId, stopping => Work(orderId, paymentId, true, stopping), cancellationToken)
            : settled;
    }

    /// <summary>
    /// The attempt has its outcome, or is none of this order's: the place is free. Only after the money is in the books, so that a crash before that leaves
    /// the attempt where the sweep looks.
    /// </summary>
    public async Task Leave(Guid orderId, Guid paymentId, Payment payment, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await journal.Write(Movements.Of(payment, now), cancellationToken);
        await orders.Change(
            PayableOrder.IdOf(orderId),
            known => known is null ? Decision.Nothing : known.Body.Settle(
                paymentId, isPaid: payment is { Status: PaymentStatus.Succeeded, Start: { } start } && start.OrderId == orderId, now),
            cancellationToken);
    }

    /// <summary>The same after news from outside. An attempt that still has its place is left by whoever hears what became of the money, or by the sweep.</summary>
    public async Task LeaveUnlessOpen(Guid orderId, Guid paymentId, Payment payment, CancellationToken cancellationToken)
    {
        var order = (await orders.Get(PayableOrder.IdOf(orderId), cancellationToken))?.Body;
        if (payment.Status is PaymentStatus.Succeeded && order is not null
            && (order.Open?.PaymentId == paymentId || order.Answered.Contains(paymentId)))
        {
            return;
        }

        await Leave(orderId, paymentId, payment, cancellationToken);
    }

    /// <summary>Something moved after the charge: into the books at once. An attempt that is still under way keeps its place.</summary>
    public async Task Book(Guid orderId, Guid paymentId, Payment payment, CancellationToken cancellationToken)
    {
        await journal.Write(Movements.Of(payment, clock.GetUtcNow()), cancellationToken);
        if (payment.HasOutcome) await LeaveUnlessOpen(orderId, paymentId, payment, cancellationToken);
    }

    /// <summary>What Participants made of the money is known: tickets, or its way back. The same as <see cref="Leave"/> in one.</summary>
    public async Task Conclude(Guid orderId, Guid paymentId, Payment payment, bool isConfirmed, CancellationToken cancellationToken)
    {
        await journal.Write(Movements.Of(payment, clock.GetUtcNow()), cancellationToken);
        var (_, refusal) = await orders.Change(
            PayableOrder.IdOf(orderId),
            known => (known?.Body ?? PayableOrder.Unknown(orderId)).Answer(paymentId, isConfirmed),
            cancellationToken);
        if (refusal is not null) throw new InvalidOperationException($"What became of payment {paymentId} was not stored: {refusal.Code}");
    }

    /// <summary>The answer to our own question is about to be stored: it says more than the webhook that races it, and then the webhook costs nothing.</summary>
    public Task LetTheAnswerBeFirst(Guid paymentId, CancellationToken cancellationToken) => attempts.WhenIdle(paymentId, ShortPatience, cancellationToken);

    /// <summary>
    /// Whether this process stored that the attempt brought this money while it had its place: then the rest is under way, and the same news from outside
    /// is none.
    /// </summary>
    public bool HasJustPaid(Guid paymentId, string processorId) => paid.Has(paymentId, processorId);

    private async Task<Settled> Work(Guid orderId, Guid paymentId, bool isCalledOff, CancellationToken cancellationToken, Payment? admitted = null)
    {
        var payment = admitted ?? await payments.Read(paymentId, cancellationToken);
        var order = admitted is null ? (await orders.Get(PayableOrder.IdOf(orderId), cancellationToken))?.Body : null;
        if (!IsOf(orderId, payment))
        {
            await Leave(orderId, paymentId, payment, cancellationToken);
            return new Settled(payment, null);
        }

        isCalledOff |= order?.ClosedBecause is not null;
        var isPaidJustNow = payment.Status is not PaymentStatus.Succeeded && !isCalledOff;
        try
        {
            if (payment.Status is PaymentStatus.NotStarted && MayForestall(order, paymentId))
            {
                payment = await Keep(paymentId, static state => state.Forestall());
            }

            if (payment is { IsOpen: true, Start: { } start })
            {
                var answer = await Ask(payment, start, isCalledOff, cancellationToken);
                // Whoever waits may be gone by now; what the processor said is stored all the same.
                if (answer is not null) payment = await Keep(paymentId, state => state.Hear(answer));
                else if (start.At + options.Value.LongestFlight < clock.GetUtcNow()) payment = await Keep(paymentId, state => state.Cancel(null, "never-charged"));
            }

            if (payment is { Status: PaymentStatus.RequiresAction, ProcessorId: { } processorId })
            {
                isCalledOff = isCalledOff || (await orders.Get(PayableOrder.IdOf(orderId), cancellationToken))?.Body.ClosedBecause is not null;
                if (isCalledOff)
                {
                    var answer = await processor.CancelPayment(processorId, $"cancel-{paymentId}", cancellationToken);
                    // Without a payment in it the answer says nothing about the money: the next question will.
                    if (answer.Payment is not null) payment = await Keep(paymentId, state => state.Hear(answer));
                }
            }
        }
        catch (PaymentProcessorUnavailableException unavailable)
        {
            NoAnswer(logger, unavailable, paymentId);
            return new Settled(payment, Unanswered(unavailable.RetryAfter));
        }
        catch (PaymentProcessorException broken)
        {
            NoSense(logger, broken, paymentId);
            return new Settled(payment, Unanswered(null));
        }
        catch (StoreRefusedException refused)
        {
            return new Settled(payment, refused.Refusal);
        }
        catch (OperationCanceledException) when (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            TookTooLong(logger, paymentId);
            return new Settled(payment, Unanswered(null));
        }

        // Money that came in just now is about to become tickets: when we hear of that, the place is left in the same write. Else the sweep does it.
        if (isPaidJustNow && payment is { Status: PaymentStatus.Succeeded, ProcessorId: { } paidBy }) paid.Add(paymentId, paidBy);
        else if (payment.HasOutcome) await Leave(orderId, paymentId, payment, CancellationToken.None);

        return new Settled(payment, null);
    }

    private async Task<Payment> Keep(Guid paymentId, Func<Payment, Decision<PaymentEvent>> decide)
    {
        var (payment, refusal) = await payments.Decide(paymentId, decide, CancellationToken.None);
        return refusal is null ? payment : throw new StoreRefusedException(refusal);
    }

    private Task<PaymentResult?> Ask(Payment payment, PaymentStarted start, bool isCalledOff, CancellationToken cancellationToken)
    {
        if (payment.ProcessorId is { } known) return AsNullable(processor.FetchPayment(known, cancellationToken));

        // A repetition may be the first that arrives, so it charges: not for an order that is closed, and not when the key may be forgotten.
        if (isCalledOff || start.At + KeyIsGood < clock.GetUtcNow()) return Find(start, cancellationToken);

        return AsNullable(processor.CreatePayment(
            new NewPayment(
                new PaymentReference(start.PaymentId, start.OrderId, start.EventId, start.OrganizationId),
                start.Amount, start.Currency.ToLowerInvariant(), start.PaymentMethodId, start.ReturnUrl),
            start.PaymentId.ToString(), cancellationToken));

        static async Task<PaymentResult?> AsNullable(Task<PaymentResult> result) => await result;
    }

    /// <returns>Null: the processor has no such payment.</returns>
    private async Task<PaymentResult?> Find(PaymentStarted start, CancellationToken cancellationToken)
    {
        string? cursor = null;
        for (var page = 0; page < MostPages; page++)
        {
            var listed = await processor.ListPayments(start.At - ClocksDiffer, cursor, cancellationToken);
            if (listed.Items.FirstOrDefault(payment => payment.Reference?.PaymentId == start.PaymentId) is { } found)
            {
                return new PaymentResult(found.Outcome, found);
            }

            if ((cursor = listed.Cursor) is null) return null;
        }

        throw new PaymentProcessorUnavailableException($"The payment {start.PaymentId} was not among the {MostPages} pages after its start.");
    }

    private bool MayForestall(PayableOrder? order, Guid paymentId) =>
        order?.Open is { } open && open.PaymentId == paymentId
        && (order.ClosedBecause is not null || open.Since + options.Value.SettleAfter <= clock.GetUtcNow());

    private static bool IsOf(Guid orderId, Payment payment) => payment.Start is not { } start || start.OrderId == orderId;

    private static Refusal Unanswered(TimeSpan? retryAfter) => Refusal.Unavailable(
        "processor-unavailable", "The payment provider does not answer. The payment is noted; ask again with the same payment id.",
        retryAfter ?? TimeSpan.FromSeconds(2));

    private sealed class StoreRefusedException(Refusal refusal) : Exception(refusal.Code)
    {
        public Refusal Refusal => refusal;
    }

    [LoggerMessage(LogLevel.Warning, "The processor did not answer about payment {PaymentId}; it is asked again later.")]
    private static partial void NoAnswer(ILogger logger, Exception exception, Guid paymentId);

    [LoggerMessage(LogLevel.Error, "The processor's answer about payment {PaymentId} makes no sense.")]
    private static partial void NoSense(ILogger logger, Exception exception, Guid paymentId);

    [LoggerMessage(LogLevel.Warning, "The conversation about payment {PaymentId} took too long; it goes on later.")]
    private static partial void TookTooLong(ILogger logger, Guid paymentId);
}
