namespace EventFly.Prove.Sweep;

internal static class CheckTickets
{
    public const string Name = "each ticket belongs to one confirmed order, each such order has its tickets";

    public static Finding EachBelongsToOneOrder(Evidence evidence, StockRecount stock, IReadOnlyDictionary<Guid, OrderFacts> orders)
    {
        var differences = orders.Values.SelectMany(order => order.Differences).ToList();
        var owners = new Dictionary<Guid, Guid>();
        foreach (var order in orders.Values)
        {
            if (order.Confirmations > 1) differences.Add($"order {order.OrderId} was confirmed {order.Confirmations} times");
            foreach (var ticket in order.Tickets.Where(ticket => !owners.TryAdd(ticket.TicketId, order.OrderId)))
            {
                differences.Add($"ticket {ticket.TicketId} belongs to the orders {owners[ticket.TicketId]} and {order.OrderId}");
            }

            var sold = stock.Orders.GetValueOrDefault(order.OrderId);
            if (order.HasTickets && sold?.Stand is not Stand.Sold)
            {
                differences.Add($"order {order.OrderId} is confirmed, but its tickets are {sold?.Stand.ToString() ?? "nobody's"} in the inventory");
            }
            else if (order.HasTickets && !SameTickets(sold!, order))
            {
                differences.Add($"order {order.OrderId} has other tickets than were sold to it");
            }
        }

        foreach (var (orderId, _) in stock.Orders.Where(order => order.Value.Stand is Stand.Sold && orders.GetValueOrDefault(order.Key) is not { HasTickets: true }))
        {
            differences.Add($"tickets are sold to order {orderId}, which is {orders.GetValueOrDefault(orderId)?.Status ?? "unknown"}");
        }

        var issued = 0L;
        var seen = new HashSet<Guid>();
        foreach (var document in evidence.Documents["tickets"])
        {
            issued++;
            var ticketId = document.Id("ticketId");
            if (!owners.TryGetValue(ticketId, out var owner) || owner != document.Id("orderId")) differences.Add($"ticket {ticketId} was issued to no order that has it");
            else if (orders[owner].Void.Contains(ticketId) != document.GetProperty("isVoid").GetBoolean())
            {
                differences.Add($"ticket {ticketId} is {(document.GetProperty("isVoid").GetBoolean() ? "void" : "valid")}, but its order {owner} ({orders[owner].Status}) has it otherwise");
            }

            seen.Add(ticketId);
        }

        foreach (var order in orders.Values.Where(order => order.HasTickets))
        {
            foreach (var ticket in order.Tickets.Where(ticket => !seen.Contains(ticket.TicketId))) differences.Add($"ticket {ticket.TicketId} of order {order.OrderId} was never issued");
        }

        return new Finding(Name, issued, differences);
    }

    private static bool SameTickets(Allotted sold, OrderFacts order)
    {
        var ordered = order.Valid.GroupBy(ticket => ticket.TicketTypeId).ToDictionary(type => type.Key, type => type.Count());
        return ordered.Count == sold.Lines.Count && ordered.All(type => sold.Lines.GetValueOrDefault(type.Key) == type.Value);
    }
}
