using EventFly.Prove.Rush;

namespace EventFly.Prove.Sweep;

/// <summary>What was answered with 2xx was stored before it was said: it is there, whatever was killed since.</summary>
internal static class CheckPromises
{
    public const string Name = "everything that was answered with 2xx is true";

    public static Finding AreKept(
        Evidence evidence, StockRecount stock, IReadOnlyDictionary<Guid, OrderFacts> orders, IReadOnlyDictionary<Guid, PaymentFacts> payments)
    {
        var differences = new List<string>();
        foreach (var promise in evidence.Promises)
        {
            if (Broken(promise, stock, orders.GetValueOrDefault(promise.OrderId), payments.GetValueOrDefault(promise.Id)) is { } how)
            {
                differences.Add($"{promise.Kept} {promise.Id}{(promise.Status.Length > 0 ? $", told as {promise.Status}" : "")}: {how}");
            }
        }

        return new Finding(Name, evidence.Promises.Count, differences);
    }

    private static string? Broken(Promise promise, StockRecount stock, OrderFacts? order, PaymentFacts? payment) => promise.Kept switch
    {
        Kept.Hold => stock.Orders.GetValueOrDefault(promise.OrderId) is not { } held ? "nothing was held"
            : held.Held.Count != promise.Lines.Count || promise.Lines.Any(line => held.Held.GetValueOrDefault(line.TicketTypeId) != line.Quantity) ? "something else was held"
            : null,
        Kept.Release => stock.Orders.GetValueOrDefault(promise.OrderId) is { Stand: Stand.Released or Stand.Lapsed or Stand.Held } ? null : "the hold was not released",
        Kept.Order => order is not { IsPlaced: true } ? "there is no such order"
            : order.Amount != promise.Amount ? $"it costs {order.Amount}, not {promise.Amount}"
            : promise.Status is "confirmed" && order.Confirmations == 0 ? "it was never confirmed"
            : null,
        Kept.Cancellation => order is { Confirmations: 0 } ? null : "it has tickets",
        Kept.Payment => payment is null ? "there is no such payment"
            : payment.OrderId != promise.OrderId ? "it is for another order"
            : payment.Was.Contains(promise.Status) ? null
            : $"it never was; it is {payment.Status}",
        Kept.Refund => order is null ? "there is no such order"
            : promise.TicketId is null ? order.HasTickets ? "it has its tickets still" : Asked(promise, order)
            : !order.Void.Contains(promise.TicketId.Value) ? "it has the ticket still"
            : Asked(promise, order),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    // Free tickets are taken back without a refund.
    private static string? Asked(Promise promise, OrderFacts order) =>
        order.PaymentId is not null && order.Tickets.Where(ticket => promise.TicketId is null || ticket.TicketId == promise.TicketId).Any(ticket => ticket.Price > 0)
            && !order.Refunds.ContainsKey(promise.Id) ? "the refund was never asked for" : null;
}
