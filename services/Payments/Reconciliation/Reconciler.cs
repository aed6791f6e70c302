using System.Globalization;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Payments.Alerts;
using EventFly.Payments.Ledger;
using EventFly.Payments.PayableOrders;
using EventFly.Payments.Payments;
using EventFly.Payments.Processor;
using Microsoft.Extensions.Options;

namespace EventFly.Payments.Reconciliation;

/// <summary>
/// Compares what moved at the processor (its balance transactions), what is in our books, and what became of the orders, span by span of time. It changes
/// nothing but its own list; only what the processor keeps of a charge, where it did not say so before, is learned here.
/// </summary>
internal sealed class Reconciler(
    IPaymentProcessor processor, Journal journal, Documents<PayableOrder> orders, PaymentDecisions payments, Documents<Difference> differences,
    Documents<ReconciliationState> states, AlertBell bell, TimeProvider clock, IOptions<PaymentsOptions> options) : IDisposable
{
    /// <summary>How far back the first comparison looks.</summary>
    private static readonly TimeSpan FirstSpan = TimeSpan.FromDays(1);

    /// <summary>Compared at once: what moved in it is held in memory.</summary>
    private static readonly TimeSpan LongestSpan = TimeSpan.FromHours(1);

    /// <summary>A movement is written a little after it happened there, and the clocks differ.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    private const int MostSpans = 48;

    private const int MostPages = 5_000;

    private const int MostOpen = 500;

    private readonly SemaphoreSlim one = new(1);

    public void Dispose() => one.Dispose();

    /// <summary>From where the last one ended until shortly before now, at most <see cref="MostSpans"/> spans; call it again for more.</summary>
    public async Task<ReconciliationState> Run(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            var startedAt = clock.GetUtcNow();
            var until = WholeSecond(startedAt - options.Value.ReconcileAfter);
            var before = (await states.Get(ReconciliationState.Id, cancellationToken))?.Body;
            var from = before?.CheckedUntil ?? until - FirstSpan;
            var tally = new Tally(startedAt, from);
            var to = from;
            for (var span = 0; span < MostSpans && to < until; span++)
            {
                var start = to;
                to = start + LongestSpan < until ? start + LongestSpan : until;
                await Compare(start, to, tally, cancellationToken);
                await Keep(to, tally, cancellationToken);
            }

            await LookAgain(tally, cancellationToken);
            return await Keep(to, tally, cancellationToken);
        }
        finally
        {
            one.Release();
        }
    }

    private async Task<ReconciliationState> Keep(DateTimeOffset until, Tally tally, CancellationToken cancellationToken)
    {
        var open = await CountOpen(cancellationToken);
        var state = new ReconciliationState(until, new ReconciliationRun(
            tally.StartedAt, clock.GetUtcNow(), tally.From, until, tally.AtProcessor, tally.InBooks, tally.Found, tally.Resolved, open));
        var (_, refusal) = await states.Change(
            ReconciliationState.Id, known => known is not null && known.Body.CheckedUntil > until ? Decision.Nothing : state, cancellationToken);
        return refusal is null ? state : throw new InvalidOperationException($"The reconciliation was not stored: {refusal.Code}");
    }

    private async Task Compare(DateTimeOffset from, DateTimeOffset to, Tally tally, CancellationToken cancellationToken)
    {
        var booked = new Dictionary<(string, MovementKind), Movement>();
        await foreach (var movement in journal.Between(from - Overlap, to + Overlap, cancellationToken))
        {
            if (movement.Kind is not MovementKind.ProcessorFee) booked[(movement.ProcessorId, movement.Kind)] = movement;
        }

        var seen = new HashSet<(string, MovementKind)>();
        string? cursor = null;
        for (var page = 0; page == 0 || cursor is not null; page++)
        {
            if (page == MostPages) throw new InvalidOperationException($"More than {MostPages} pages moved between {from:O} and {to:O}.");
            var listed = await processor.ListMovements(new Created(from - Overlap, to + Overlap), cursor, cancellationToken);
            foreach (var theirs in listed.Items)
            {
                if (KindOf(theirs) is not { } kind || theirs.SourceId is not { } source) continue;
                seen.Add((source, kind));
                if (theirs.CreatedAt < from || theirs.CreatedAt >= to) continue;
                tally.AtProcessor++;
                var ours = booked.GetValueOrDefault((source, kind)) ?? await Find(source, kind, cancellationToken);
                await Compare(theirs, kind, source, ours, tally, cancellationToken);
            }

            cursor = listed.Cursor;
        }

        foreach (var ours in booked.Values.Where(movement => movement.RecordedAt >= from && movement.RecordedAt < to))
        {
            tally.InBooks++;
            if (!seen.Contains((ours.ProcessorId, ours.Kind)) && !await IsAtProcessor(ours.ProcessorId, ours.Kind, cancellationToken))
            {
                await Report(DifferenceKind.NotAtProcessor, ours.Kind, ours.ProcessorId, ours, Gross(ours), null, ours.Currency, tally, cancellationToken);
            }

            if (ours.Kind is MovementKind.Charge) await CompareOrder(ours, tally, cancellationToken);
        }
    }

    private async Task Compare(
        ProcessorMovement theirs, MovementKind kind, string source, Movement? ours, Tally tally, CancellationToken cancellationToken)
    {
        var currency = theirs.Currency.ToUpperInvariant();
        if (ours is null)
        {
            await Report(DifferenceKind.NotBooked, kind, source, null, null, theirs.Amount, currency, tally, cancellationToken);
            return;
        }

        // Booked there in another currency than the buyer paid in: the amounts cannot be compared.
        if (ours.Currency != currency) return;
        if (Gross(ours) != theirs.Amount)
        {
            await Report(DifferenceKind.AmountDiffers, kind, source, ours, Gross(ours), theirs.Amount, currency, tally, cancellationToken);
        }

        if (kind is MovementKind.Charge && theirs.Fee != 0 && ours.On(Accounts.ProcessorFees) == 0)
        {
            var (payment, refusal) = await payments.Decide(ours.PaymentId, state => state.SeeProcessorFee(source, theirs.Fee), cancellationToken);
            if (refusal is null) await journal.Write(Movements.Of(payment, clock.GetUtcNow()), cancellationToken);
        }
    }

    private async Task CompareOrder(Movement charge, Tally tally, CancellationToken cancellationToken)
    {
        if (await OrderFault(charge, cancellationToken) is { } fault)
        {
            await Report(
                fault.Kind, charge.Kind, charge.ProcessorId, charge, Gross(charge), fault.Expected, charge.Currency, tally, cancellationToken);
        }
    }

    private async Task<(DifferenceKind Kind, long? Expected)?> OrderFault(Movement charge, CancellationToken cancellationToken)
    {
        var order = (await orders.Get(PayableOrder.IdOf(charge.OrderId), cancellationToken))?.Body;
        if (order?.Terms is not { } terms) return (DifferenceKind.OrderUnknown, null);
        if (order.Awaiting.Any(awaited => awaited.PaymentId == charge.PaymentId && awaited.Since <= clock.GetUtcNow() - options.Value.TicketsWithin))
        {
            return (DifferenceKind.OrderUnsettled, null);
        }

        // What does not buy the order's tickets goes back, whatever the amount; and so does what is too much since tickets were dropped.
        if (order.PaidBy != charge.PaymentId || !order.Answered.Contains(charge.PaymentId) || Gross(charge) == terms.Amount) return null;
        var left = (await payments.Read(charge.PaymentId, cancellationToken)).Refundable;
        var isTooLittle = Gross(charge) < terms.Amount && left > 0;
        return isTooLittle || left > terms.Amount ? (DifferenceKind.OrderAmountDiffers, terms.Amount) : null;
    }

    /// <summary>Whether what was reported before still is so.</summary>
    private async Task LookAgain(Tally tally, CancellationToken cancellationToken)
    {
        var open = await differences.Query(new Query([new Where.Eq("isOpen", true)], [new SortBy("firstSeen")], MostOpen), cancellationToken);
        foreach (var difference in open.Items.Select(document => document.Body).Where(difference => !tally.Reported.Contains(difference.DifferenceId)))
        {
            if (await IsStillSo(difference, cancellationToken)) continue;
            tally.Resolved++;
            await differences.Change(
                difference.DifferenceId,
                known => known is { Body: { ResolvedAt: null } body } ? body with { ResolvedAt = clock.GetUtcNow() } : Decision.Nothing,
                cancellationToken);
            await bell.Resolve(AlertKind.Difference, difference.DifferenceId, cancellationToken);
        }
    }

    private async Task<bool> IsStillSo(Difference difference, CancellationToken cancellationToken)
    {
        var kind = Enum.Parse<MovementKind>(difference.What, ignoreCase: true);
        var ours = await Find(difference.ProcessorId, kind, cancellationToken);
        switch (difference.Kind)
        {
            case DifferenceKind.NotBooked or DifferenceKind.AmountDiffers:
                return ours is null || Gross(ours) != difference.Theirs;
            case DifferenceKind.NotAtProcessor:
                return !await IsAtProcessor(difference.ProcessorId, kind, cancellationToken);
            default:
                return ours is not null && (await OrderFault(ours, cancellationToken))?.Kind == difference.Kind;
        }
    }

    private async Task Report(
        DifferenceKind kind, MovementKind what, string processorId, Movement? movement, long? ours, long? theirs, string currency, Tally tally,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var name = char.ToLowerInvariant(what.ToString()[0]) + what.ToString()[1..];
        var difference = new Difference(
            Difference.IdOf(kind, name, processorId), kind, name, processorId, movement?.PaymentId, movement?.OrderId, movement?.OrganizationId, ours, theirs,
            currency, now, now, null);
        var (_, refusal) = await differences.Change(
            difference.DifferenceId,
            known => known is { Body.ResolvedAt: null } ? difference with { FirstSeen = known.Body.FirstSeen } : difference,
            cancellationToken);
        if (refusal is not null) throw new InvalidOperationException($"The difference {difference.DifferenceId} was not stored: {refusal.Code}");
        await bell.Raise(
            AlertKind.Difference, difference.DifferenceId, $"{kind}: {name} {processorId}, {Text(ours)} here, {Text(theirs)} there.",
            cancellationToken, movement?.OrganizationId, movement?.OrderId, movement?.PaymentId, theirs ?? ours, currency);
        tally.Reported.Add(difference.DifferenceId);
        tally.Found++;
    }

    private async Task<long> CountOpen(CancellationToken cancellationToken)
    {
        var all = 0L;
        foreach (var kind in Enum.GetValues<DifferenceKind>())
        {
            var open = await differences.Count([new Where.Eq("isOpen", true), new Where.Eq("kind", kind.ToString())], cancellationToken);
            PaymentMetrics.Differences(kind.ToString(), open);
            all += open;
        }

        return all;
    }

    private async Task<Movement?> Find(string processorId, MovementKind kind, CancellationToken cancellationToken) =>
        (await journal.Of(processorId, cancellationToken)).FirstOrDefault(movement => movement.Kind == kind);

    private async Task<bool> IsAtProcessor(string processorId, MovementKind kind, CancellationToken cancellationToken) =>
        (await processor.MovementsOf(processorId, cancellationToken)).Any(theirs => KindOf(theirs) == kind);

    private static string Text(long? amount) => amount?.ToString(CultureInfo.InvariantCulture) ?? "nothing";

    /// <summary>What moved at the processor, without its fees.</summary>
    private static long Gross(Movement movement) =>
        movement.On(Accounts.Processor) + movement.On(Accounts.ProcessorFees) + movement.On(Accounts.DisputeFees);

    private static MovementKind? KindOf(ProcessorMovement movement) => movement.Kind switch
    {
        ProcessorMovementKind.Charge => MovementKind.Charge,
        ProcessorMovementKind.Refund => MovementKind.Refund,
        ProcessorMovementKind.RefundReturn => MovementKind.RefundReturn,
        ProcessorMovementKind.Dispute => MovementKind.Dispute,
        ProcessorMovementKind.DisputeWon => MovementKind.DisputeWon,
        _ => null,
    };

    private static DateTimeOffset WholeSecond(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), time.Offset);

    private sealed class Tally(DateTimeOffset startedAt, DateTimeOffset from)
    {
        public DateTimeOffset StartedAt => startedAt;

        public DateTimeOffset From => from;

        public int AtProcessor { get; set; }

        public int InBooks { get; set; }

        public int Found { get; set; }

        public int Resolved { get; set; }

        public HashSet<string> Reported { get; } = [];
    }
}
