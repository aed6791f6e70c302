using System.Globalization;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Payments.PayableOrders;
using Microsoft.Extensions.Options;

namespace EventFly.Payments.Alerts;

/// <summary>Looks for money of which nothing came, and for messages that nobody could handle; counts all alerts.</summary>
internal sealed class WatchMoney(
    Documents<PayableOrder> orders, AlertBell bell, IDeadLetters deadLetters, TimeProvider clock, IOptions<PaymentsOptions> options,
    IOptions<MessagingOptions> messaging, ILogger<WatchMoney> logger)
    : Sweep<PayableOrder>(orders, "awaitingSince", options.Value.TicketsWithin, clock, options.Value, logger)
{
    private const int MostLetters = 500;

    private readonly Documents<PayableOrder> orders = orders;
    private readonly TimeProvider clock = clock;

    protected override async Task LookAfter(PayableOrder body, CancellationToken cancellationToken)
    {
        foreach (var awaited in Overdue(body))
        {
            await bell.Raise(
                AlertKind.ChargeWithoutTickets, awaited.PaymentId.ToString("N"),
                "Money came in, and neither tickets came of it nor did it go back.", cancellationToken,
                body.Terms?.OrganizationId, body.OrderId, awaited.PaymentId, body.Terms?.Amount, body.Terms?.Currency);
        }
    }

    protected override async Task Conclude(IReadOnlyList<PayableOrder> seen, CancellationToken cancellationToken)
    {
        foreach (var alert in await bell.ListOpen(AlertKind.ChargeWithoutTickets, cancellationToken))
        {
            var order = alert.OrderId is { } orderId ? (await orders.Get(PayableOrder.IdOf(orderId), cancellationToken))?.Body : null;
            if (order is not null && order.Awaiting.All(awaited => awaited.PaymentId != alert.PaymentId))
            {
                await bell.Resolve(alert.Kind, alert.Subject, cancellationToken);
            }
        }

        // Counted before the bus is asked: it may be away, and what is known is shown all the same.
        await CountAll(cancellationToken);
        await LookForDeadLetters(cancellationToken);
        await CountAll(cancellationToken);
    }

    private async Task CountAll(CancellationToken cancellationToken)
    {
        foreach (var kind in Enum.GetValues<AlertKind>()) PaymentMetrics.Alerts(kind.ToString(), await bell.CountOpen(kind, cancellationToken));
    }

    private async Task LookForDeadLetters(CancellationToken cancellationToken)
    {
        var letters = await deadLetters.List(messaging.Value.Service, 0, MostLetters, cancellationToken);
        foreach (var letter in letters)
        {
            await bell.Raise(
                AlertKind.DeadLetter, Number(letter.Sequence), $"{letter.Subject}: {letter.Reason}", cancellationToken);
        }

        foreach (var alert in await bell.ListOpen(AlertKind.DeadLetter, cancellationToken))
        {
            if (letters.Count < MostLetters && letters.All(letter => Number(letter.Sequence) != alert.Subject))
            {
                await bell.Resolve(alert.Kind, alert.Subject, cancellationToken);
            }
        }
    }

    private IEnumerable<AwaitedAnswer> Overdue(PayableOrder order)
    {
        var before = clock.GetUtcNow() - options.Value.TicketsWithin;
        return order.Awaiting.Where(awaited => awaited.Since <= before);
    }

    private static string Number(long sequence) => sequence.ToString(CultureInfo.InvariantCulture);
}
