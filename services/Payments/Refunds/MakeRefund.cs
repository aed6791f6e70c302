using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Payments.Alerts;
using EventFly.Payments.Payments;
using EventFly.Payments.Processor;
using Microsoft.Extensions.Options;

namespace EventFly.Payments.Refunds;

/// <summary>Brings a refund forward. May be called for any pending refund at any time; each step is safe to repeat.</summary>
internal sealed partial class MakeRefund(
    PaymentDecisions payments, TakePayment taking, AlertBell bell, Documents<PendingRefund> pending, IPaymentProcessor processor, TimeProvider clock, IOptions<PaymentsOptions> options,
    IHostApplicationLifetime lifetime, ILogger<MakeRefund> logger)
{
    /// <summary>The processor forgets idempotency keys after a day; a repetition after that would refund anew, or be refused as done.</summary>
    private static readonly TimeSpan KeyIsGood = TimeSpan.FromHours(20);

    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(5);

    private const int MostPages = 100;

    private readonly OneAtATime<Settled> refunds = new(options.Value.AskTimeout, clock, lifetime.ApplicationStopping);

    /// <summary>A refusal says what it waits for.</summary>
    public Task<Settled> Settle(PendingRefund refund, CancellationToken cancellationToken) =>
        refunds.Run(refund.RefundId, stopping => Work(refund, stopping), cancellationToken);

    /// <summary>It has its outcome: into the books with it, and where the money did not go, somebody has to look. Then nobody has to look after it any more.</summary>
    public async Task Conclude(Guid refundId, Payment payment, CancellationToken cancellationToken)
    {
        var (start, refund) = (payment.Start!, payment.RefundOf(refundId)!);
        await taking.Conclude(start.OrderId, start.PaymentId, payment, isConfirmed: false, cancellationToken);
        if (refund.Status is RefundStatus.Failed)
        {
            await bell.Raise(
                AlertKind.RefundFailed, refundId.ToString("N"), $"Money that was promised back did not go back: {refund.Code}.", cancellationToken,
                start.OrganizationId, start.OrderId, start.PaymentId, refund.Amount, start.Currency);
        }
        else
        {
            // What failed before, has gone now.
            foreach (var failed in payment.Refunds.Where(other => other.Amount == refund.Amount))
            {
                await bell.Resolve(AlertKind.RefundFailed, failed.RefundId.ToString("N"), cancellationToken);
            }
        }

        await pending.Change(PendingRefund.IdOf(refundId), static _ => Change.Delete<PendingRefund>(), cancellationToken);
    }

    private async Task<Settled> Work(PendingRefund wanted, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (payment, refusal) = await payments.Decide(
            wanted.PaymentId, state => state.StartRefund(wanted.RefundId, wanted.Amount, wanted.Currency, wanted.Reason, now), cancellationToken);
        if (refusal is not null)
        {
            Waits(logger, wanted.RefundId, wanted.PaymentId, refusal.Code);
            return new Settled(payment, refusal);
        }

        try
        {
            if (payment.RefundOf(wanted.RefundId) is { Status: RefundStatus.Started or RefundStatus.Processing } refund)
            {
                var answer = await Ask(payment, refund, cancellationToken);
                (payment, refusal) = await payments.Decide(wanted.PaymentId, state => state.Hear(refund.RefundId, answer), CancellationToken.None);
                if (refusal is not null) return new Settled(payment, refusal);
            }
        }
        catch (PaymentProcessorUnavailableException unavailable)
        {
            NoAnswer(logger, unavailable, wanted.RefundId);
            return new Settled(payment, NotYet);
        }
        catch (PaymentProcessorException broken)
        {
            NoSense(logger, broken, wanted.RefundId);
            return new Settled(payment, NotYet);
        }
        catch (OperationCanceledException exception) when (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            NoAnswer(logger, exception, wanted.RefundId);
            return new Settled(payment, NotYet);
        }

        if (payment.RefundOf(wanted.RefundId) is { Status: RefundStatus.Succeeded or RefundStatus.Failed })
        {
            await Conclude(wanted.RefundId, payment, CancellationToken.None);
        }

        return new Settled(payment, null);
    }

    private async Task<RefundResult> Ask(Payment payment, Refund refund, CancellationToken cancellationToken)
    {
        if (refund.ProcessorId is { } known) return await processor.FetchRefund(known, cancellationToken);
        if (refund.At + KeyIsGood < clock.GetUtcNow() && await Find(refund, cancellationToken) is { } made) return made;

        var start = payment.Start!;
        return await processor.Refund(
            new NewRefund(
                payment.ProcessorId!, refund.RefundId, start.Currency.ToLowerInvariant(), refund.Amount,
                refund.Reason is "surplus-payment" ? RefundReason.Duplicate : RefundReason.RequestedByCustomer,
                new PaymentReference(start.PaymentId, start.OrderId, start.EventId, start.OrganizationId)),
            refund.RefundId.ToString(), cancellationToken);
    }

    private async Task<RefundResult?> Find(Refund refund, CancellationToken cancellationToken)
    {
        string? cursor = null;
        for (var page = 0; page < MostPages; page++)
        {
            var listed = await processor.ListRefunds(refund.At - ClocksDiffer, cursor, cancellationToken);
            if (listed.Items.FirstOrDefault(made => made.RefundId == refund.RefundId) is { } found) return new RefundResult(found.Outcome, found);
            if ((cursor = listed.Cursor) is null) return null;
        }

        throw new PaymentProcessorUnavailableException($"The refund {refund.RefundId} was not among the {MostPages} pages after its start.");
    }

    private static Refusal NotYet => Refusal.Unavailable("processor-unavailable", "The payment provider does not answer.", TimeSpan.FromSeconds(5));

    [LoggerMessage(LogLevel.Warning, "Refund {RefundId} of payment {PaymentId} waits: {Code}.")]
    private static partial void Waits(ILogger logger, Guid refundId, Guid paymentId, string code);

    [LoggerMessage(LogLevel.Warning, "The processor did not answer about refund {RefundId}; it is asked again later.")]
    private static partial void NoAnswer(ILogger logger, Exception exception, Guid refundId);

    [LoggerMessage(LogLevel.Error, "The processor's answer about refund {RefundId} makes no sense.")]
    private static partial void NoSense(ILogger logger, Exception exception, Guid refundId);
}
