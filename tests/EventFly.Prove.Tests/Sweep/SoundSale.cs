using System.Text.Json;
using EventFly.Prove.Plan;
using EventFly.Prove.Rush;
using EventFly.Prove.Sweep;

namespace EventFly.Prove.Tests.Sweep;

/// <summary>
/// A small sale in which everything is right: one order paid, one free, one refunded, one whose payment came too late, one cancelled, one hold that lapsed.
/// Tests plant one difference each.
/// </summary>
internal sealed class SoundSale
{
    public static readonly DateTimeOffset Opening = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Guid Seat = Id(1), Free = Id(2), Hall = Id(3), Event = Id(4), Organization = Id(5);

    public static readonly Guid Paid = Id(10), Gratis = Id(11), Refunded = Id(12), Late = Id(13), Cancelled = Id(14), Lapsed = Id(15);

    public static readonly Guid PaidBy = Id(20), RefundedBy = Id(22), LateBy = Id(23), Declined = Id(24);

    public static readonly Guid Refund = Id(32), LateRefund = Id(33);

    private readonly Dictionary<string, long> versions = [];

    public SoundSale()
    {
        Inventory("sales-opened", new
        {
            terms = new
            {
                ticketTypes = new object[]
                {
                    new { ticketTypeId = Seat, quantity = 4, quotaIds = new[] { Hall } }, new { ticketTypeId = Free, quantity = 2, quotaIds = new[] { Hall } },
                },
                quotas = new[] { new { quotaId = Hall, name = "Hall", capacity = 5 } },
            },
        });
        Hold(Paid, Seat, 2);
        Hold(Gratis, Free, 1);
        Hold(Late, Seat, 1);
        Hold(Lapsed, Seat, 1);
        Place(Paid, 2_000, Seat, Seat);
        Place(Gratis, 0, Free);
        Place(Late, 1_000, Seat);
        Inventory("tickets-sold", new { orderId = Gratis });
        Order(Gratis, "order-confirmed", new { at = Opening });
        Start(Declined, Paid, 2_000);
        Payment(Declined, "payment-failed", new { code = "card_declined" });
        Order(Paid, "payment-attempt-failed", new { paymentId = Declined, code = "card_declined" });
        Pay(PaidBy, Paid, 2_000);
        Payment(PaidBy, "processor-event-taken", new { processorEventId = "evt_1" });
        Inventory("tickets-sold", new { orderId = Paid });
        Order(Paid, "order-confirmed", new { paymentId = PaidBy, at = Opening });
        Inventory("holds-lapsed", new { asOf = Opening.AddMinutes(2) }, Opening.AddMinutes(2));
        Order(Late, "order-expired", new { at = Opening });
        Hold(Refunded, Seat, 2, Opening.AddMinutes(3));
        Place(Refunded, 2_000, Seat, Seat);
        Pay(RefundedBy, Refunded, 2_000);
        Inventory("tickets-sold", new { orderId = Refunded });
        Order(Refunded, "order-confirmed", new { paymentId = RefundedBy, at = Opening });
        Pay(LateBy, Late, 1_000);
        Inventory("sale-refused", new { orderId = Late, reason = "sold-out" });
        Order(Late, "sale-refused", new { paymentId = LateBy, reason = "sold-out" });
        GiveBack(Late, LateBy, LateRefund, 1_000);
        Order(Refunded, "tickets-voided", new { reason = "requested" });
        GiveBack(Refunded, RefundedBy, Refund, 2_000);
        Inventory("sale-returned", new { orderId = Refunded });
        Hold(Cancelled, Seat, 1, Opening.AddMinutes(5));
        Place(Cancelled, 1_000, Seat);
        Order(Cancelled, "order-cancelled", new { reason = "cancelled-by-buyer" });
        Inventory("hold-released", new { orderId = Cancelled });

        foreach (var (order, status, amount, tickets) in new[]
        {
            (Paid, "confirmed", 2_000, 2), (Gratis, "confirmed", 0, 1), (Refunded, "refunded", 2_000, 0), (Late, "refused", 1_000, 1), (Cancelled, "cancelled", 1_000, 1),
        })
        {
            Documents["orders"].Add(Json(new { orderId = order, status, amount, tickets }));
        }

        foreach (var (order, tickets, isVoid) in new[] { (Paid, 2, false), (Gratis, 1, false), (Refunded, 2, true) })
        {
            for (var number = 0; number < tickets; number++) Documents["tickets"].Add(Json(new { ticketId = TicketOf(order, number), orderId = order, isVoid }));
        }

        Documents["payable_orders"].Add(Json(new { orderId = Paid, paidBy = PaidBy, awaiting = Array.Empty<object>() }));
        Promises.AddRange(
        [
            new Promise(Kept.Hold, Paid, Paid, "held", 2_000) { Lines = [new Wanted(Seat, 2)] },
            new Promise(Kept.Order, Gratis, Gratis, "confirmed", 0),
            new Promise(Kept.Payment, Paid, PaidBy, "succeeded", 2_000),
            new Promise(Kept.Payment, Paid, Declined, "failed", 2_000),
            new Promise(Kept.Refund, Refunded, Refund, "refundPending", 2_000),
            new Promise(Kept.Cancellation, Cancelled, Cancelled, "cancelled", 0),
        ]);
    }

    public List<Happened> Participants { get; } = [];

    public List<Happened> Payments { get; } = [];

    public Dictionary<string, List<JsonElement>> Documents { get; } = new() { ["orders"] = [], ["tickets"] = [], ["payable_orders"] = [], ["ledger_movements"] = [], ["alerts"] = [] };

    public List<Moved> Processor { get; } = [];

    public Dictionary<Guid, int> Said { get; } = new() { [Seat] = 2, [Free] = 1 };

    public Dictionary<string, long> Outboxes { get; } = new() { ["participants"] = 0, ["payments"] = 0 };

    public List<string> Dead { get; } = [];

    public List<string> Unrest { get; } = [];

    public List<Promise> Promises { get; } = [];

    public List<string> Surprises { get; } = [];

    public static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    public static Guid TicketOf(Guid order, int number) => new(order.ToByteArray().Select((value, index) => index == 6 ? (byte)(number + 1) : value).ToArray());

    public static JsonElement Json(object body) => JsonSerializer.SerializeToElement(body);

    /// <summary>Every check with what it finds.</summary>
    public IReadOnlyList<Finding> Swept() => Checks.All(new Evidence(
        new Shop(Organization, Event, [], []), Participants, Payments, Documents.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<JsonElement>)pair.Value),
        Processor, Said, Outboxes, Dead, Unrest, Promises, Surprises, 10));

    public void Inventory(string name, object data, DateTimeOffset? at = null) => Add(Participants, $"inventory-{Event:N}", name, data, at);

    public void Order(Guid order, string name, object data) => Add(Participants, $"order-{order:N}", name, data, null);

    public void Payment(Guid payment, string name, object data) => Add(Payments, $"payment-{payment:N}", name, data, null);

    public void Hold(Guid order, Guid type, int quantity, DateTimeOffset? at = null) => Inventory(
        "tickets-held",
        new { orderId = order, until = (at ?? Opening).AddMinutes(1), lines = new[] { new { ticketTypeId = type, quantity, unitPrice = 1_000 } } }, at);

    public void Place(Guid order, long amount, params Guid[] types) => Order(order, "order-placed", new
    {
        details = new
        {
            orderId = order, amount, tickets = types.Select((type, number) => new { ticketId = TicketOf(order, number), ticketTypeId = type, price = amount / types.Length }),
        },
    });

    public void Start(Guid payment, Guid order, long amount) => Payment(payment, "payment-started", new { paymentId = payment, orderId = order, amount });

    /// <summary>Charged at the processor, known here, in the books.</summary>
    public void Pay(Guid payment, Guid order, long amount)
    {
        Start(payment, order, amount);
        var charge = $"ch_{payment:N}";
        Payment(payment, "payment-succeeded", new { chargeId = charge, amount });
        Processor.Add(new Moved("charge", charge, amount, payment, order, null));
        Book("charge", charge, amount);
    }

    public void GiveBack(Guid order, Guid payment, Guid refund, long amount)
    {
        Order(order, "refund-requested", new { refundId = refund, paymentId = payment, amount });
        Payment(payment, "refund-started", new { refundId = refund, amount });
        Payment(payment, "refund-succeeded", new { refundId = refund, processorId = $"re_{refund:N}", amount });
        Processor.Add(new Moved("refund", $"re_{refund:N}", amount, payment, order, refund));
        Book("refund", $"re_{refund:N}", -amount);
        Order(order, "refund-completed", new { refundId = refund });
    }

    public void Book(string kind, string processorId, long amount) => Documents["ledger_movements"].Add(Json(new
    {
        movementId = $"{kind}-{processorId}", kind, processorId,
        entries = new object[]
        {
            new { account = "processor", amount = amount - 30 }, new { account = "processor-fees", amount = 30 }, new { account = "organization-payable", amount = -amount },
        },
    }));

    private void Add(List<Happened> stream, string name, string happened, object data, DateTimeOffset? at) =>
        stream.Add(new Happened(name, versions[name] = versions.GetValueOrDefault(name) + 1, happened, Json(data), at ?? Opening));
}
