namespace EventFly.Prove.Sweep;

/// <summary>What must hold afterwards. Table of contents of the proof.</summary>
internal static class Checks
{
    public static IReadOnlyList<Finding> All(Evidence evidence)
    {
        var inventory = evidence.Participants.Where(happened => happened.Stream.StartsWith("inventory-", StringComparison.Ordinal));
        var stock = StockRecount.Of(inventory);
        var orders = OrderFacts.Of(evidence.Participants.Where(happened => happened.Stream.StartsWith("order-", StringComparison.Ordinal)));
        var payments = PaymentFacts.Of(evidence.Payments);
        return
        [
            CheckStock.NeverOversold(stock),
            CheckTickets.EachBelongsToOneOrder(evidence, stock, orders),
            CheckMoney.EachChargeBoughtOrWentBack(evidence, orders),
            CheckMoney.NoTicketWithoutMoney(evidence, orders),
            CheckMoney.PaymentsAreTheProcessors(evidence, payments),
            CheckMoney.LedgerSumsToZero(evidence),
            CheckPromises.AreKept(evidence, stock, orders, payments),
            CheckViews.EqualStreams(evidence, stock, orders, payments),
            CheckLeftovers.OutboxesAreDrained(evidence),
            CheckLeftovers.NothingIsDead(evidence),
            CheckLeftovers.NobodyIsAlarmed(evidence),
            CheckLeftovers.EverythingIsAtRest(evidence),
            CheckLeftovers.EveryAnswerIsExplained(evidence),
        ];
    }
}
