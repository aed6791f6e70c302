namespace EventFly.Prove.Sweep;

internal static class CheckViews
{
    public const string Name = "lists, availability and payable orders equal the streams";

    public static Finding EqualStreams(
        Evidence evidence, StockRecount stock, IReadOnlyDictionary<Guid, OrderFacts> orders, IReadOnlyDictionary<Guid, PaymentFacts> payments)
    {
        var differences = new List<string>();
        var placed = orders.Values.Where(order => order.IsPlaced).ToDictionary(order => order.OrderId);
        var listed = new HashSet<Guid>();
        foreach (var view in evidence.Documents["orders"])
        {
            var orderId = view.Id("orderId");
            listed.Add(orderId);
            if (!placed.TryGetValue(orderId, out var order)) differences.Add($"order {orderId} is listed and was never placed");
            else if (view.Text("status") != order.Status || view.Number("amount") != order.Amount || view.Number("tickets") != order.Valid.Count())
            {
                differences.Add($"order {orderId} is listed as {view.Text("status")}, {view.Number("amount")} for {view.Number("tickets")}; it is {order.Status}, {order.Amount} for {order.Valid.Count()}");
            }
        }

        differences.AddRange(placed.Keys.Where(orderId => !listed.Contains(orderId)).Select(orderId => $"order {orderId} is not listed"));

        foreach (var type in stock.There.Keys)
        {
            var free = stock.Free(type);
            if (evidence.Free.GetValueOrDefault(type, -1) is var said && said != free) differences.Add($"{free} tickets of type {type} are free, {said} are said to be");
        }

        var payable = evidence.Documents["payable_orders"];
        foreach (var view in payable)
        {
            var paidBy = view.IdIfAny("paidBy");
            if (paidBy is { } paymentId && payments.GetValueOrDefault(paymentId) is not { Status: "succeeded" }) differences.Add($"order {view.Id("orderId")} counts as paid by {paymentId}, which is {payments.GetValueOrDefault(paymentId)?.Status ?? "unknown"}");
            foreach (var awaited in view.Items("awaiting")) differences.Add($"payment {awaited.Id("paymentId")} of order {view.Id("orderId")} still waits for its tickets or its refund");
            if (paidBy is null && orders.GetValueOrDefault(view.Id("orderId")) is { HasTickets: true, PaymentId: { } bought })
            {
                differences.Add($"order {view.Id("orderId")} does not count as paid, and {bought} bought its tickets");
            }
        }

        return new Finding(Name, listed.Count + stock.There.Count + payable.Count, differences);
    }
}
