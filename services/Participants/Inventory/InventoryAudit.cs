using EventFly.BuildingBlocks.EventStore;

namespace EventFly.Participants.Inventory;

/// <summary>
/// Goes over the events of an inventory and says where more was taken than there was. It shares no code and no counter with
/// <see cref="TicketInventory"/> and looks at no clock: a hold counts until an event says that it does not.
/// </summary>
/// <remarks>
/// The rule: at each version, what is held and sold of a ticket type, of a quota, with a code, and by one buyer of a type with a limit is not above what
/// there is, and no ticket is held at a price outside of what was announced.
/// What the organiser lowered below what is taken, or filled by moving a type to another quota, may stay as it is; nothing is added until it fits again.
/// Whoever adds an event says here what it takes or frees. An event that is not known here is reported, so that nobody is right for not having looked.
/// </remarks>
public sealed class InventoryAudit
{
    private readonly List<Violation> violations = [];
    private readonly Dictionary<Guid, (TicketsHeld Held, State State)> orders = [];
    private readonly PriorityQueue<Guid, DateTimeOffset> deadlines = new();
    private readonly Dictionary<Guid, int> takenOfType = [];
    private readonly Dictionary<(Guid BuyerId, Guid TicketTypeId), int> takenByBuyer = [];
    private readonly Dictionary<(Guid BuyerId, Guid CodeId), int> takenByBuyerWithCode = [];
    private readonly Dictionary<Guid, int> takenWithCode = [];
    private readonly Dictionary<(string Of, Guid Id), int> takenBefore = [];
    private readonly Dictionary<Guid, TicketTerms> types = [];
    private IReadOnlyList<QuotaTerms> quotas = [];
    private IReadOnlyList<CodeTerms> codes = [];
    private bool isClosed;
    private long version;

    private InventoryAudit()
    {
    }

    private enum State
    {
        Held,
        Sold,

        /// <summary>Lapsed, released or called off: a payment that comes late may still buy.</summary>
        Free,

        /// <summary>Refused or returned, for good.</summary>
        Over,
    }

    /// <summary>To read a stream's stored events with.</summary>
    public static EventNames<InventoryEvent> EventNames => InventoryStream.Definition.Names;

    /// <summary>What is wrong, in the order of the events; empty when all is right.</summary>
    /// <param name="events">Those of one stream, from version 1 on, none left out.</param>
    public static IReadOnlyList<Violation> Of(IEnumerable<InventoryEvent> events)
    {
        var audit = new InventoryAudit();
        foreach (var happened in events)
        {
            audit.version++;
            audit.Write(happened);
        }

        return audit.violations;
    }

    private void Write(InventoryEvent happened)
    {
        switch (happened)
        {
            case SalesOpened opened:
                Announce(opened.Terms);
                break;
            case TermsChanged changed:
                Announce(changed.Terms);
                break;
            case TicketsHeld held when orders.ContainsKey(held.OrderId):
                Report("order-held-twice", held.OrderId, "is held again under the same id");
                break;
            case TicketsHeld held:
                CheckPrices(held);
                orders.Add(held.OrderId, (held, State.Free));
                deadlines.Enqueue(held.OrderId, held.Until);
                Move(held.OrderId, State.Held, State.Free);
                break;
            case HoldsLapsed lapsed:
                while (deadlines.TryPeek(out var orderId, out var until) && until <= lapsed.AsOf)
                {
                    deadlines.Dequeue();
                    if (orders[orderId].State is State.Held)
                    {
                        Move(orderId, State.Free, State.Held);
                    }
                }

                break;
            case HoldReleased released:
                Move(released.OrderId, State.Free, State.Held);
                break;
            case TicketsSold sold:
                Move(sold.OrderId, State.Sold, State.Held, State.Free);
                break;
            case SaleRefused refused when !orders.ContainsKey(refused.OrderId):
                break;
            case SaleRefused refused:
                Move(refused.OrderId, State.Over, State.Held, State.Free);
                break;
            case SaleReturned returned:
                Move(returned.OrderId, State.Over, State.Sold);
                break;
            case TicketsReturned returned:
                GiveUp(returned);
                break;
            case SalesWithdrawn withdrawn:
                foreach (var orderId in withdrawn.OrderIds.Where(orderId => orders.GetValueOrDefault(orderId).State is State.Held))
                {
                    Move(orderId, State.Free, State.Held);
                }

                break;
            case InventoryClosed:
                isClosed = true;
                break;
            case PriceChanged:
                break;
            case WaitlistJoined or WaitlistLeft or TicketsOffered or OffersLapsed or WaitlistClosed:
                // Waiting takes nothing; an offer is a hold that is written as one.
                break;
            default:
                Report("event-unknown", Guid.Empty, $"{happened.GetType().Name} is not known to the audit");
                break;
        }
    }

    private void Announce(EventTerms terms)
    {
        // A type that is no longer announced keeps its last terms: what was sold of it still sits in the hall.
        foreach (var type in terms.TicketTypes)
        {
            types[type.TicketTypeId] = type;
        }

        quotas = terms.Quotas;
        codes = terms.Codes;
        takenBefore.Clear();
        foreach (var type in types.Values)
        {
            takenBefore[("ticket type", type.TicketTypeId)] = takenOfType.GetValueOrDefault(type.TicketTypeId);
        }

        foreach (var quota in quotas)
        {
            takenBefore[("quota", quota.QuotaId)] = TakenOf(quota);
        }

        foreach (var code in codes)
        {
            takenBefore[("code", code.CodeId)] = takenWithCode.GetValueOrDefault(code.CodeId);
        }
    }

    private void Move(Guid orderId, State to, params ReadOnlySpan<State> mayComeFrom)
    {
        if (!orders.TryGetValue(orderId, out var order))
        {
            Report("order-unknown", orderId, $"goes to {to} and was never held");
            return;
        }

        if (!mayComeFrom.Contains(order.State))
        {
            Report("order-out-of-turn", orderId, $"goes from {order.State} to {to}");
        }

        orders[orderId] = (order.Held, to);
        var change = Counts(to) - Counts(order.State);
        if (change > 0 && isClosed)
        {
            Report("closed", orderId, "takes tickets of an event that is called off");
        }

        foreach (var line in order.Held.Lines)
        {
            if (!types.ContainsKey(line.TicketTypeId))
            {
                Report("ticket-type-unknown", line.TicketTypeId, "was never announced");
                continue;
            }

            takenOfType[line.TicketTypeId] = takenOfType.GetValueOrDefault(line.TicketTypeId) + (change * line.Quantity);
            takenByBuyer[(order.Held.BuyerId, line.TicketTypeId)] =
                takenByBuyer.GetValueOrDefault((order.Held.BuyerId, line.TicketTypeId)) + (change * line.Quantity);
        }

        foreach (var type in order.Held.Lines.Select(line => line.TicketTypeId).Distinct().Where(types.ContainsKey).Select(id => types[id]))
        {
            Check("ticket type", type.TicketTypeId, type.Quantity, takenOfType[type.TicketTypeId]);
            if (change > 0 && takenByBuyer[(order.Held.BuyerId, type.TicketTypeId)] is var taken && taken > type.PerBuyerLimit)
            {
                Report("per-buyer-limit", type.TicketTypeId, $"{taken} are with one buyer, {type.PerBuyerLimit} may be");
            }
        }

        foreach (var quota in quotas)
        {
            Check("quota", quota.QuotaId, quota.Capacity, TakenOf(quota));
        }

        CountCode(order.Held, change);
    }

    private void CountCode(TicketsHeld held, int change)
    {
        if (held.Lines.FirstOrDefault(line => line.CodeId is not null)?.CodeId is not { } codeId)
        {
            return;
        }

        var uses = change * held.Lines.Where(line => line.CodeId == codeId).Sum(line => line.Quantity);
        var taken = takenWithCode[codeId] = takenWithCode.GetValueOrDefault(codeId) + uses;
        var mine = takenByBuyerWithCode[(held.BuyerId, codeId)] = takenByBuyerWithCode.GetValueOrDefault((held.BuyerId, codeId)) + uses;
        if (codes.FirstOrDefault(code => code.CodeId == codeId) is { } known)
        {
            Check("code", codeId, known.UseLimit ?? int.MaxValue, taken);
            if (change > 0 && mine > known.PerBuyerLimit)
            {
                Report("per-buyer-limit", codeId, $"{mine} are with one buyer by this code, {known.PerBuyerLimit} may be");
            }
        }
    }

    private void CheckPrices(TicketsHeld held)
    {
        foreach (var line in held.Lines)
        {
            if (types.GetValueOrDefault(line.TicketTypeId) is not { } type)
            {
                continue;
            }

            var (least, most) = type.PriceRule switch
            {
                { Demand: { } demand } => (demand.Floor, demand.Ceiling),
                { Tiers: [var first, ..] } => (Math.Min(first.Price, type.Price), type.Price),
                _ => (type.Price, type.Price),
            };
            var list = line.ListPrice ?? line.UnitPrice;
            if (list < least || list > most || line.UnitPrice < 0 || line.UnitPrice > list || (line.UnitPrice < list && line.CodeId is null))
            {
                Report("price", line.TicketTypeId, $"{line.UnitPrice} of {list} is charged, announced is {least} to {most}");
            }
        }
    }

    private void GiveUp(TicketsReturned returned)
    {
        if (!orders.TryGetValue(returned.OrderId, out var order))
        {
            Report("order-unknown", returned.OrderId, "gives tickets back and was never held");
            return;
        }

        var (rest, counts) = (order.Held.Lines.ToList(), Counts(order.State));
        foreach (var (ticketTypeId, unitPrice, quantity) in returned.Lines)
        {
            for (var left = quantity; left > 0; left--)
            {
                if (rest.FindLastIndex(line => line.TicketTypeId == ticketTypeId && line.UnitPrice == unitPrice && line.Quantity > 0) is not (>= 0 and var at))
                {
                    Report("returned-too-much", returned.OrderId, $"gives {quantity} back and has {quantity - left}");
                    return;
                }

                rest[at] = rest[at] with { Quantity = rest[at].Quantity - 1 };
                if (rest[at].CodeId is { } codeId)
                {
                    takenWithCode[codeId] = takenWithCode.GetValueOrDefault(codeId) - counts;
                    takenByBuyerWithCode[(order.Held.BuyerId, codeId)] = takenByBuyerWithCode.GetValueOrDefault((order.Held.BuyerId, codeId)) - counts;
                    takenBefore[("code", codeId)] = takenWithCode[codeId];
                }
            }

            takenOfType[ticketTypeId] = takenOfType.GetValueOrDefault(ticketTypeId) - (counts * quantity);
            takenByBuyer[(order.Held.BuyerId, ticketTypeId)] =
                takenByBuyer.GetValueOrDefault((order.Held.BuyerId, ticketTypeId)) - (counts * quantity);
            takenBefore[("ticket type", ticketTypeId)] = takenOfType[ticketTypeId];
        }

        foreach (var quota in quotas)
        {
            takenBefore[("quota", quota.QuotaId)] = TakenOf(quota);
        }

        orders[returned.OrderId] = (order.Held with { Lines = rest }, order.State);
    }

    private void Check(string of, Guid id, int capacity, int taken)
    {
        var before = takenBefore.GetValueOrDefault((of, id));
        if (taken > capacity && taken > before)
        {
            Report("oversold", id, $"{taken} of the {of} are taken, there are {capacity}");
        }

        takenBefore[(of, id)] = taken;
    }

    private int TakenOf(QuotaTerms quota) =>
        types.Values.Where(type => type.QuotaIds.Contains(quota.QuotaId)).Sum(type => takenOfType.GetValueOrDefault(type.TicketTypeId));

    private static int Counts(State state) => state is State.Held or State.Sold ? 1 : 0;

    private void Report(string code, Guid id, string what) => violations.Add(new Violation(version, code, id, what));

    /// <param name="Version">Of the stream, 1 for its first event.</param>
    /// <param name="Code">Stable, kebab-case: <c>oversold</c>.</param>
    /// <param name="Id">The order, ticket type or quota that it is about.</param>
    /// <param name="What">For people.</param>
    public sealed record Violation(long Version, string Code, Guid Id, string What);
}
