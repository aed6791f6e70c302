namespace EventFly.Prove.Sweep;

internal static class CheckMoney
{
    public const string ChargesName = "each successful charge has one ticket set or one full refund";
    public const string TicketsName = "no ticket without money";
    public const string ProcessorName = "payments equal the processor, each of its events took effect once";
    public const string LedgerName = "the ledger sums to zero and equals the processor";

    public static Finding EachChargeBoughtOrWentBack(Evidence evidence, IReadOnlyDictionary<Guid, OrderFacts> orders)
    {
        var differences = new List<string>();
        var charges = evidence.Processor.Where(moved => moved.Kind is "charge").ToList();
        var back = evidence.Processor.Where(moved => moved.Kind is "refund" or "refund_failure").ToLookup(moved => moved.PaymentId);
        foreach (var twice in charges.GroupBy(charge => charge.PaymentId).Where(payment => payment.Count() > 1))
        {
            differences.Add($"payment {twice.Key} was charged {twice.Count()} times");
        }

        foreach (var charge in charges)
        {
            if (charge is not { PaymentId: { } paymentId, OrderId: { } orderId })
            {
                differences.Add($"charge {charge.Id} is for no payment of ours");
                continue;
            }

            var order = orders.GetValueOrDefault(orderId);
            var bought = order is { HasTickets: true } && order.PaymentId == paymentId;
            var refunds = back[paymentId].ToList();
            var returned = refunds.Sum(refund => refund.Kind is "refund" ? refund.Amount : -refund.Amount);
            var worth = bought ? order!.Valid.Sum(ticket => ticket.Price) : 0;
            if (bought && charge.Amount - returned != worth)
            {
                differences.Add(
                    $"order {orderId} has tickets for {worth}, and {returned} of the {charge.Amount} of payment {paymentId} went back in {refunds.Count} movements");
            }
            else if (!bought && (refunds.Count != 1 || returned != charge.Amount))
            {
                differences.Add(
                    $"payment {paymentId} of {charge.Amount} bought nothing (order {orderId} is {order?.Status ?? "unknown"}), and {returned} went back in {refunds.Count} movements");
            }
        }

        var charged = charges.Select(charge => charge.PaymentId).ToHashSet();
        differences.AddRange(back.SelectMany(payment => payment).Where(refund => !charged.Contains(refund.PaymentId)).Select(refund => $"refund {refund.Id} is for no charge"));
        return new Finding(ChargesName, charges.Count, differences);
    }

    public static Finding NoTicketWithoutMoney(Evidence evidence, IReadOnlyDictionary<Guid, OrderFacts> orders)
    {
        var charges = evidence.Processor.Where(moved => moved.Kind is "charge").ToLookup(moved => moved.PaymentId);
        var confirmed = orders.Values.Where(order => order.HasTickets).ToList();
        var differences = new List<string>();
        foreach (var order in confirmed)
        {
            var price = order.Tickets.Sum(ticket => ticket.Price);
            // Also those that went back since: they were paid.
            if (price != order.Amount) differences.Add($"order {order.OrderId} costs {order.Amount}, its tickets {price}");
            if (order.Amount == 0 && order.PaymentId is null) continue;

            var paid = order.PaymentId is { } paymentId ? charges[paymentId].Where(charge => charge.OrderId == order.OrderId).ToList() : [];
            if (paid.Count != 1 || paid[0].Amount != order.Amount)
            {
                differences.Add($"order {order.OrderId} of {order.Amount} has its tickets, and {paid.Sum(charge => charge.Amount)} was charged in {paid.Count} charges");
            }
        }

        return new Finding(TicketsName, confirmed.Count, differences);
    }

    public static Finding PaymentsAreTheProcessors(Evidence evidence, IReadOnlyDictionary<Guid, PaymentFacts> payments)
    {
        var differences = payments.Values.SelectMany(payment => payment.Differences).ToList();
        foreach (var taken in payments.Values.SelectMany(payment => payment.TakenEvents).GroupBy(id => id).Where(taken => taken.Count() > 1))
        {
            differences.Add($"the processor's event {taken.Key} took effect {taken.Count()} times");
        }

        var ours = payments.Values.SelectMany(payment => payment.Moved.Select(moved => (moved.Kind, moved.ProcessorId, moved.Amount, Of: payment.PaymentId))).ToList();
        foreach (var twice in ours.GroupBy(moved => (moved.Kind, moved.ProcessorId)).Where(moved => moved.Count() > 1))
        {
            differences.Add($"{twice.Key.Kind} {twice.Key.ProcessorId} happened {twice.Count()} times to payment {twice.First().Of}");
        }

        var theirs = evidence.Processor.Where(moved => moved.Kind is "charge" or "refund").ToDictionary(moved => (moved.Kind, moved.Id));
        foreach (var (kind, processorId, amount, paymentId) in ours)
        {
            if (!theirs.TryGetValue((kind, processorId), out var moved)) differences.Add($"{kind} {processorId} of payment {paymentId} is none of the processor's");
            else if (moved.Amount != amount || moved.PaymentId != paymentId) differences.Add($"{kind} {processorId} is {amount} of payment {paymentId} here, {moved.Amount} of {moved.PaymentId} there");
        }

        var known = ours.Select(moved => (moved.Kind, moved.ProcessorId)).ToHashSet();
        differences.AddRange(theirs.Values.Where(moved => !known.Contains((moved.Kind, moved.Id))).Select(moved => $"{moved.Kind} {moved.Id} of payment {moved.PaymentId} is not known here"));
        return new Finding(ProcessorName, theirs.Count, differences);
    }

    public static Finding LedgerSumsToZero(Evidence evidence)
    {
        var differences = new List<string>();
        var booked = new Dictionary<(string, string), long>();
        var movements = evidence.Documents["ledger_movements"];
        var total = 0L;
        foreach (var movement in movements)
        {
            var entries = movement.Items("entries").Select(entry => (Account: entry.Text("account"), Amount: entry.Number("amount"))).ToList();
            var sum = entries.Sum(entry => entry.Amount);
            total += sum;
            if (sum != 0) differences.Add($"movement {movement.Text("movementId")} is out of balance by {sum}");

            // What the processor kept is no less its money than what it gave us.
            var key = (movement.Text("kind"), movement.Text("processorId"));
            var moved = entries.Where(entry => entry.Account is "processor" or "processor-fees").Sum(entry => entry.Amount);
            if (!booked.TryAdd(key, moved)) differences.Add($"{key.Item1} {key.Item2} is booked twice");
            if (key.Item1 is "processorFee") booked.Remove(key);
        }

        if (total != 0) differences.Add($"the ledger sums to {total}");
        foreach (var moved in evidence.Processor.Where(moved => moved.Kind is "charge" or "refund"))
        {
            var amount = moved.Kind is "charge" ? moved.Amount : -moved.Amount;
            if (!booked.Remove((moved.Kind, moved.Id), out var written)) differences.Add($"{moved.Kind} {moved.Id} is not in the ledger");
            else if (written != amount) differences.Add($"{moved.Kind} {moved.Id} is {amount} at the processor and {written} in the ledger");
        }

        differences.AddRange(booked.Keys.Select(left => $"{left.Item1} {left.Item2} is in the ledger only"));
        return new Finding(LedgerName, movements.Count, differences);
    }
}
