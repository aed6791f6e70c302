namespace EventFly.Prove.Sweep;

internal sealed record TicketFacts(Guid TicketId, Guid TicketTypeId, long Price);

internal sealed record RefundFacts(Guid PaymentId, long Amount, string Status);

/// <summary>One order, read from its stream.</summary>
internal sealed class OrderFacts
{
    public Guid OrderId { get; private set; }

    public bool IsPlaced { get; private set; }

    /// <summary>As the lists of orders call it.</summary>
    public string Status { get; private set; } = "placed";

    public long Amount { get; private set; }

    public Guid? PaymentId { get; private set; }

    public int Confirmations { get; private set; }

    /// <summary>Those that were dropped before they were paid are none.</summary>
    public IReadOnlyList<TicketFacts> Tickets { get; private set; } = [];

    public HashSet<Guid> Void { get; } = [];

    public IEnumerable<TicketFacts> Valid => Tickets.Where(ticket => !Void.Contains(ticket.TicketId));

    public Dictionary<Guid, RefundFacts> Refunds { get; } = [];

    public List<string> Differences { get; } = [];

    /// <summary>Tickets of it are good.</summary>
    public bool HasTickets => Confirmations > 0 && Valid.Any();

    public static Dictionary<Guid, OrderFacts> Of(IEnumerable<Happened> events)
    {
        var orders = new Dictionary<Guid, OrderFacts>();
        foreach (var stream in events.GroupBy(happened => happened.Stream))
        {
            var order = new OrderFacts { OrderId = Guid.ParseExact(stream.Key["order-".Length..], "N") };
            foreach (var happened in stream) order.Take(happened);
            orders.Add(order.OrderId, order);
        }

        return orders;
    }

    private void Take(Happened happened)
    {
        var data = happened.Data;
        switch (happened.Name)
        {
            case "order-placed":
                var details = data.GetProperty("details");
                if (IsPlaced) Differ(happened, "comes twice");
                if (details.Id("orderId") != OrderId) Differ(happened, "is about another order");
                IsPlaced = true;
                Amount = details.Number("amount");
                Tickets = [.. details.Items("tickets").Select(ticket => new TicketFacts(ticket.Id("ticketId"), ticket.Id("ticketTypeId"), ticket.Number("price")))];
                break;
            case "order-confirmed":
                Confirmations++;
                PaymentId = data.IdIfAny("paymentId");
                Status = "confirmed";
                break;
            case "payment-attempt-failed" or "surplus-payment" or "payment-disputed" or "dispute-closed" or "attendee-named" or "questions-answered" or "ticket-handed-over":
                break;
            case "tickets-dropped":
                var dropped = data.Items("ticketIds").Select(ticket => ticket.GetGuid()).ToHashSet();
                Tickets = [.. Tickets.Where(ticket => !dropped.Contains(ticket.TicketId))];
                Amount = data.Number("amount");
                break;
            case "tickets-taken-back":
                foreach (var ticket in data.Items("ticketIds")) Take(happened, ticket.GetGuid());
                FollowMoney();
                break;
            case "tickets-voided":
                foreach (var ticket in Valid.ToList()) Take(happened, ticket.TicketId);
                FollowMoney();
                break;
            case "sale-refused":
                if (Status is "placed" or "expired" && data.Text("reason") != "amount-differs") Status = "refused";
                break;
            case "order-expired":
                Status = "expired";
                break;
            case "order-cancelled":
                Status = "cancelled";
                break;
            case "refund-requested":
                if (Refunds.ContainsKey(data.Id("refundId"))) Differ(happened, "comes twice");
                Set(data.Id("refundId"), new RefundFacts(data.Id("paymentId"), data.Number("amount"), "pending"));
                break;
            case "refund-completed":
                Set(data.Id("refundId"), Refunds.GetValueOrDefault(data.Id("refundId")) is { } completed ? completed with { Status = "completed" } : null);
                break;
            case "refund-failed":
                Set(data.Id("refundId"), Refunds.GetValueOrDefault(data.Id("refundId")) is { } failed ? failed with { Status = "failed" } : null);
                break;
            default:
                Differ(happened, "is no event that this recount knows");
                break;
        }

        void Set(Guid refundId, RefundFacts? refund)
        {
            if (refund is null)
            {
                Differ(happened, "is about a refund that nobody asked for");
                return;
            }

            Refunds[refundId] = refund;
            if (refund.PaymentId == PaymentId) FollowMoney();
        }
    }

    private void Take(Happened happened, Guid ticketId)
    {
        if (Tickets.All(ticket => ticket.TicketId != ticketId)) Differ(happened, $"takes back ticket {ticketId}, which is none of the order's");
        else if (!Void.Add(ticketId)) Differ(happened, $"takes back ticket {ticketId} a second time");
    }

    /// <summary>What an order that was paid is called, by what went back and what is left.</summary>
    private void FollowMoney()
    {
        if (PaymentId is null) return;

        var own = Refunds.Values.Where(refund => refund.PaymentId == PaymentId).ToList();
        var back = own.Where(refund => refund.Status is not "failed").Sum(refund => refund.Amount);
        Status = own.Exists(refund => refund.Status is "failed") ? "refundFailed"
            : back > 0 && back == Amount ? own.Exists(refund => refund.Status is "pending") ? "refundPending" : "refunded"
            : back == 0 && !HasTickets ? "cancelled"
            : back > 0 || Void.Count > 0 ? "partiallyRefunded"
            : "confirmed";
    }

    private void Differ(Happened happened, string how) => Differences.Add($"{happened.Stream} version {happened.Version}: {happened.Name} {how}");
}
