using EventFly.Prove.Plan;
using EventFly.Prove.Rush;
using EventFly.Prove.Sweep;

namespace EventFly.Prove.Tests.Sweep;

/// <summary>A sound sale has no difference; each difference that is planted is found, by the check that is for it.</summary>
public sealed class PlantedDifferencesTests
{
    private readonly SoundSale sale = new();

    [Fact]
    public void A_sound_sale_has_no_difference_and_every_part_of_it_is_looked_at()
    {
        var findings = sale.Swept();

        Assert.Empty(findings.SelectMany(finding => finding.Differences));
        Assert.All(findings.Take(8), finding => Assert.True(finding.Counted > 0, finding.Check));
    }

    [Fact]
    public void A_hold_above_a_types_quantity_is_found()
    {
        sale.Hold(SoundSale.Id(90), SoundSale.Free, 2);

        Found(CheckStock.Name, $"takes 3 of the 2 tickets of type {SoundSale.Free}");
    }

    [Fact]
    public void A_hold_above_a_shared_quota_is_found()
    {
        sale.Hold(SoundSale.Id(90), SoundSale.Seat, 2);
        sale.Hold(SoundSale.Id(91), SoundSale.Free, 1);

        Found(CheckStock.Name, $"takes 6 of the 5 tickets of quota {SoundSale.Hall}");
    }

    [Fact]
    public void Tickets_above_the_limit_are_found_also_when_they_came_back_later()
    {
        sale.Hold(SoundSale.Id(90), SoundSale.Free, 2);
        sale.Inventory("hold-released", new { orderId = SoundSale.Id(90) });

        Found(CheckStock.Name, "takes 3 of the 2");
    }

    [Fact]
    public void A_lapsed_hold_that_is_sold_on_top_of_others_is_found()
    {
        sale.Hold(SoundSale.Id(90), SoundSale.Seat, 2);
        sale.Inventory("tickets-sold", new { orderId = SoundSale.Lapsed });

        Found(CheckStock.Name, "tickets-sold takes 5 of the 4");
    }

    [Fact]
    public void Tickets_that_an_order_gave_back_are_free_once()
    {
        sale.Inventory("tickets-returned", new { orderId = SoundSale.Paid, lines = new[] { new { ticketTypeId = SoundSale.Seat, quantity = 1 } } });
        sale.Hold(SoundSale.Id(90), SoundSale.Seat, 3);
        Assert.Empty(Of(CheckStock.Name));

        sale.Inventory("tickets-returned", new { orderId = SoundSale.Paid, lines = new[] { new { ticketTypeId = SoundSale.Seat, quantity = 2 } } });
        Found(CheckStock.Name, "gives back more than the order had");
    }

    [Fact]
    public void Two_holds_under_one_order_are_found()
    {
        sale.Hold(SoundSale.Paid, SoundSale.Seat, 2);

        Found(CheckStock.Name, "holds for an order that has had its tickets");
    }

    [Fact]
    public void A_gap_in_a_stream_is_found()
    {
        sale.Participants.RemoveAt(sale.Participants.FindIndex(happened => happened.Name is "holds-lapsed"));

        Found(CheckStock.Name, "is not version");
    }

    [Fact]
    public void An_event_that_the_recount_does_not_know_is_a_difference()
    {
        sale.Inventory("tickets-conjured", new { });
        sale.Order(SoundSale.Paid, "order-blessed", new { });
        sale.Payment(SoundSale.PaidBy, "payment-blessed", new { });

        Found(CheckStock.Name, "tickets-conjured is no event that this recount knows");
        Found(CheckTickets.Name, "order-blessed is no event that this recount knows");
        Found(CheckMoney.ProcessorName, "payment-blessed is no event that this recount knows");
    }

    [Fact]
    public void A_confirmed_order_without_sold_tickets_is_found()
    {
        sale.Participants.RemoveAt(sale.Participants.FindIndex(happened => happened.Name is "tickets-sold" && happened.Data.Id("orderId") == SoundSale.Paid));

        Found(CheckTickets.Name, $"order {SoundSale.Paid} is confirmed, but its tickets are Lapsed");
    }

    [Fact]
    public void Tickets_that_are_sold_to_nobody_are_found()
    {
        sale.Hold(SoundSale.Id(90), SoundSale.Seat, 1);
        sale.Inventory("tickets-sold", new { orderId = SoundSale.Id(90) });

        Found(CheckTickets.Name, $"tickets are sold to order {SoundSale.Id(90)}, which is unknown");
    }

    [Fact]
    public void A_ticket_that_was_never_issued_is_found()
    {
        sale.Documents["tickets"].RemoveAt(0);

        Found(CheckTickets.Name, $"ticket {SoundSale.TicketOf(SoundSale.Paid, 0)} of order {SoundSale.Paid} was never issued");
    }

    [Fact]
    public void A_valid_ticket_of_a_refunded_order_is_found()
    {
        sale.Documents["tickets"][^1] = SoundSale.Json(new { ticketId = SoundSale.TicketOf(SoundSale.Refunded, 1), orderId = SoundSale.Refunded, isVoid = false });

        Found(CheckTickets.Name, "is valid, but its order");
    }

    [Fact]
    public void A_ticket_of_two_orders_is_found()
    {
        sale.Order(SoundSale.Id(90), "order-placed", new
        {
            details = new { orderId = SoundSale.Id(90), amount = 0, tickets = new[] { new { ticketId = SoundSale.TicketOf(SoundSale.Paid, 0), ticketTypeId = SoundSale.Seat, price = 0 } } },
        });

        Found(CheckTickets.Name, "belongs to the orders");
    }

    [Fact]
    public void A_charge_without_tickets_or_refund_is_found()
    {
        sale.Processor.RemoveAll(moved => moved.RefundId == SoundSale.LateRefund);

        Found(CheckMoney.ChargesName, $"payment {SoundSale.LateBy} of 1000 bought nothing");
    }

    [Fact]
    public void Money_that_went_back_twice_is_found()
    {
        sale.Processor.Add(new Moved("refund", "re_again", 1_000, SoundSale.LateBy, SoundSale.Late, SoundSale.Id(91)));

        Found(CheckMoney.ChargesName, "2000 went back in 2 movements");
    }

    [Fact]
    public void Money_that_went_back_although_the_tickets_stayed_is_found()
    {
        sale.Processor.Add(new Moved("refund", "re_kind", 2_000, SoundSale.PaidBy, SoundSale.Paid, SoundSale.Id(91)));

        Found(CheckMoney.ChargesName, $"order {SoundSale.Paid} has tickets for 2000, and 2000 of the 2000");
    }

    [Fact]
    public void A_part_of_the_money_goes_back_with_a_part_of_the_tickets()
    {
        var ticket = SoundSale.TicketOf(SoundSale.Paid, 1);
        sale.Order(SoundSale.Paid, "tickets-taken-back", new { ticketIds = new[] { ticket } });
        sale.GiveBack(SoundSale.Paid, SoundSale.PaidBy, SoundSale.Id(91), 1_000);
        sale.Inventory("tickets-returned", new { orderId = SoundSale.Paid, lines = new[] { new { ticketTypeId = SoundSale.Seat, quantity = 1 } } });
        sale.Documents["tickets"][1] = SoundSale.Json(new { ticketId = ticket, orderId = SoundSale.Paid, isVoid = true });
        sale.Documents["orders"][0] = SoundSale.Json(new { orderId = SoundSale.Paid, status = "partiallyRefunded", amount = 2_000, tickets = 1 });
        sale.Said[SoundSale.Seat] = 3;

        Assert.Empty(sale.Swept().SelectMany(finding => finding.Differences));

        sale.Order(SoundSale.Paid, "tickets-taken-back", new { ticketIds = new[] { ticket } });
        Found(CheckTickets.Name, $"takes back ticket {ticket} a second time");
    }

    [Fact]
    public void A_part_that_stayed_away_is_found()
    {
        sale.Processor[sale.Processor.FindIndex(moved => moved.RefundId == SoundSale.LateRefund)] = new Moved("refund", "re_short", 999, SoundSale.LateBy, SoundSale.Late, SoundSale.LateRefund);

        Found(CheckMoney.ChargesName, "999 went back in 1 movements");
    }

    [Fact]
    public void A_payment_that_was_charged_twice_is_found()
    {
        sale.Processor.Add(new Moved("charge", "ch_again", 2_000, SoundSale.PaidBy, SoundSale.Paid, null));

        Found(CheckMoney.ChargesName, $"payment {SoundSale.PaidBy} was charged 2 times");
    }

    [Fact]
    public void A_charge_that_is_for_nobody_is_found()
    {
        sale.Processor.Add(new Moved("charge", "ch_stray", 2_000, null, null, null));

        Found(CheckMoney.ChargesName, "charge ch_stray is for no payment of ours");
    }

    [Fact]
    public void Tickets_without_a_charge_are_found()
    {
        sale.Processor.RemoveAll(moved => moved.PaymentId == SoundSale.PaidBy);

        Found(CheckMoney.TicketsName, $"order {SoundSale.Paid} of 2000 has its tickets, and 0 was charged in 0 charges");
    }

    [Fact]
    public void Tickets_that_cost_something_and_were_confirmed_without_a_payment_are_found()
    {
        sale.Order(SoundSale.Cancelled, "order-confirmed", new { at = SoundSale.Opening });

        Found(CheckMoney.TicketsName, $"order {SoundSale.Cancelled} of 1000 has its tickets, and 0 was charged");
    }

    [Fact]
    public void A_processors_event_that_took_effect_twice_is_found()
    {
        sale.Payment(SoundSale.PaidBy, "payment-succeeded", new { chargeId = $"ch_{SoundSale.PaidBy:N}", amount = 2_000 });
        sale.Payment(SoundSale.PaidBy, "processor-event-taken", new { processorEventId = "evt_1" });

        Found(CheckMoney.ProcessorName, "the processor's event evt_1 took effect 2 times");
        Found(CheckMoney.ProcessorName, "happened 2 times to payment");
    }

    [Fact]
    public void A_charge_that_is_not_known_here_is_found()
    {
        sale.Payments.RemoveAll(happened => happened.Name is "payment-succeeded" && happened.Stream == $"payment-{SoundSale.LateBy:N}");

        Found(CheckMoney.ProcessorName, $"charge ch_{SoundSale.LateBy:N} of payment {SoundSale.LateBy} is not known here");
    }

    [Fact]
    public void A_movement_out_of_balance_is_found()
    {
        sale.Documents["ledger_movements"][0] = SoundSale.Json(new
        {
            movementId = "m", kind = "charge", processorId = $"ch_{SoundSale.PaidBy:N}",
            entries = new object[] { new { account = "processor", amount = 2_000 }, new { account = "organization-payable", amount = -1_999 } },
        });

        Found(CheckMoney.LedgerName, "movement m is out of balance by 1");
        Found(CheckMoney.LedgerName, "the ledger sums to 1");
    }

    [Fact]
    public void A_charge_that_is_not_in_the_ledger_is_found()
    {
        sale.Documents["ledger_movements"].RemoveAt(0);

        Found(CheckMoney.LedgerName, "is not in the ledger");
    }

    [Fact]
    public void A_movement_that_is_in_the_ledger_only_is_found()
    {
        sale.Book("refund", "re_dreamt", -500);

        Found(CheckMoney.LedgerName, "refund re_dreamt is in the ledger only");
    }

    [Fact]
    public void Promises_that_were_not_kept_are_found()
    {
        var stranger = SoundSale.Id(90);
        sale.Promises.AddRange(
        [
            new Promise(Kept.Hold, stranger, stranger, "held", 0) { Lines = [new Wanted(SoundSale.Seat, 1)] },
            new Promise(Kept.Hold, SoundSale.Paid, SoundSale.Paid, "held", 0) { Lines = [new Wanted(SoundSale.Seat, 1)] },
            new Promise(Kept.Order, stranger, stranger, "placed", 0),
            new Promise(Kept.Order, SoundSale.Late, SoundSale.Late, "confirmed", 1_000),
            new Promise(Kept.Release, SoundSale.Paid, SoundSale.Paid, "", 0),
            new Promise(Kept.Cancellation, SoundSale.Paid, SoundSale.Paid, "cancelled", 0),
            new Promise(Kept.Payment, SoundSale.Paid, SoundSale.Declined, "succeeded", 0),
            new Promise(Kept.Payment, stranger, stranger, "succeeded", 0),
            new Promise(Kept.Refund, SoundSale.Paid, SoundSale.Id(91), "refundPending", 2_000),
            new Promise(Kept.Refund, SoundSale.Refunded, SoundSale.Id(91), "refundPending", 2_000),
        ]);

        Assert.Equal(10, Of(CheckPromises.Name).Count);
    }

    [Fact]
    public void A_list_that_says_something_else_is_found()
    {
        sale.Documents["orders"][0] = SoundSale.Json(new { orderId = SoundSale.Paid, status = "placed", amount = 2_000, tickets = 2 });
        sale.Documents["orders"].RemoveAt(1);

        Found(CheckViews.Name, $"order {SoundSale.Paid} is listed as placed");
        Found(CheckViews.Name, $"order {SoundSale.Gratis} is not listed");
    }

    [Fact]
    public void An_availability_that_says_something_else_is_found()
    {
        sale.Said[SoundSale.Seat] = 1;

        Found(CheckViews.Name, $"2 tickets of type {SoundSale.Seat} are free, 1 are said to be");
    }

    [Fact]
    public void A_paid_order_that_does_not_count_as_paid_is_found()
    {
        sale.Documents["payable_orders"][0] = SoundSale.Json(new { orderId = SoundSale.Paid, awaiting = new[] { new { paymentId = SoundSale.PaidBy } } });

        Found(CheckViews.Name, "does not count as paid");
        Found(CheckViews.Name, "still waits for its tickets or its refund");
    }

    [Fact]
    public void What_is_left_over_is_found()
    {
        sale.Outboxes["payments"] = 3;
        sale.Dead.Add("participants gave up a message");
        sale.Documents["alerts"].Add(SoundSale.Json(new { kind = "refundFailed", subject = "r", message = "It did not go." }));
        sale.Unrest.Add("2 payments without an outcome");
        sale.Surprises.Add("buyer 1: hold was answered 500");

        Found(CheckLeftovers.OutboxName, "3 announcements of payments were not sent");
        Found(CheckLeftovers.DeadName, "gave up");
        Found(CheckLeftovers.AlertsName, "refundFailed r: It did not go.");
        Found(CheckLeftovers.RestName, "without an outcome");
        Found(CheckLeftovers.AnswersName, "answered 500");
    }

    private IReadOnlyList<string> Of(string check) => sale.Swept().Single(finding => finding.Check == check).Differences;

    private void Found(string check, string what)
    {
        var differences = Of(check);
        Assert.True(differences.Any(difference => difference.Contains(what, StringComparison.Ordinal)), $"Not found: {what}. There is: {string.Join(Environment.NewLine, differences)}");
    }
}
