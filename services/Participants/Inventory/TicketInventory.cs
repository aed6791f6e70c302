using System.Collections.Immutable;
using System.Diagnostics;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Snapshots;

namespace EventFly.Participants.Inventory;

public abstract record InventoryEvent;

public sealed record SalesOpened(EventTerms Terms, long Revision) : InventoryEvent;

public sealed record TermsChanged(EventTerms Terms, long Revision) : InventoryEvent;

/// <summary>Everything held until <paramref name="AsOf"/> or earlier and not paid is free again.</summary>
public sealed record HoldsLapsed(DateTimeOffset AsOf) : InventoryEvent;

public sealed record TicketsHeld(Guid OrderId, Guid BuyerId, string Currency, IReadOnlyList<HeldLine> Lines, DateTimeOffset Until) : InventoryEvent
{
    /// <summary>Of the code that was named; null for none.</summary>
    public string? CodeHash { get; init; }
}

public sealed record HoldReleased(Guid OrderId) : InventoryEvent;

public sealed record TicketsSold(Guid OrderId) : InventoryEvent;

public sealed record SaleRefused(Guid OrderId, string Reason) : InventoryEvent;

public sealed record SaleReturned(Guid OrderId) : InventoryEvent;

public sealed record InventoryClosed(string Reason) : InventoryEvent;

/// <summary>After the close, a few orders at a time: what they held or bought is called off.</summary>
public sealed record SalesWithdrawn(IReadOnlyList<Guid> OrderIds) : InventoryEvent;

/// <summary>The event as its organiser announced it. Carries the whole of it.</summary>
public sealed record EventTerms(
    Guid EventId,
    Guid OrganizationId,
    string Name,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string? Venue,
    IReadOnlyList<TicketTerms> TicketTypes)
{
    public IReadOnlyList<QuotaTerms> Quotas { get; init; } = [];

    public IReadOnlyList<CodeTerms> Codes { get; init; } = [];
}

/// <summary>A limit that several ticket types share.</summary>
public sealed record QuotaTerms(Guid QuotaId, string Name, int Capacity);

/// <param name="Price">In minor units.</param>
public sealed record TicketTerms(
    Guid TicketTypeId,
    string Name,
    long Price,
    string Currency,
    int Quantity,
    DateTimeOffset? SalesFrom,
    DateTimeOffset? SalesUntil,
    int? PerBuyerLimit)
{
    /// <summary>The quotas that a ticket counts in, besides its type's own quantity.</summary>
    public IReadOnlyList<Guid> QuotaIds { get; init; } = [];

    /// <summary>Seen and sold only with a code that unlocks it.</summary>
    public bool Hidden { get; init; }

    /// <summary>Null: the price is fixed.</summary>
    public PriceRule? PriceRule { get; init; }
}

public readonly record struct WantedLine(Guid TicketTypeId, int Quantity);

/// <param name="UnitPrice">In minor units; stays what it was when the tickets were held.</param>
public sealed record HeldLine(Guid TicketTypeId, string TicketTypeName, int Quantity, long UnitPrice)
{
    /// <summary>What it would have cost without the code; null where that is the same.</summary>
    public long? ListPrice { get; init; }

    /// <summary>The early tier that made the price.</summary>
    public string? Tier { get; init; }

    /// <summary>The percentage at which the demand step began that made the price.</summary>
    public int? DemandFrom { get; init; }

    /// <summary>The code of which these tickets are uses.</summary>
    public Guid? CodeId { get; init; }
}

/// <summary>
/// How many tickets of one event are left. A hold stops counting at its deadline by the clock of whoever asks; nothing has to run for that.
/// What lapsed is written down as the first event of the next decision that is accepted. No decision looks at all holds.
/// </summary>
/// <param name="Revision">Version of the event at its organiser that <paramref name="Terms"/> is from; 0 before the first.</param>
/// <param name="Terms">Null before sales opened.</param>
/// <param name="Stocks">By ticket type. A type that is no longer offered stays for what was sold of it.</param>
/// <param name="Counters">Of each ticket type and of each quota.</param>
/// <param name="Allotments">By order.</param>
/// <param name="Shares">What each buyer has of each ticket type.</param>
/// <param name="ClosedBecause">Null while open.</param>
/// <param name="ToWithdraw">After the close: orders that have not been called off yet.</param>
public sealed partial record TicketInventory(
    long Revision,
    EventTerms? Terms,
    ImmutableDictionary<Guid, Stock> Stocks,
    ImmutableDictionary<CounterKey, Counter> Counters,
    OrderedMap<Guid, Allotment> Allotments,
    OrderedMap<(Guid BuyerId, Guid TicketTypeId), Share> Shares,
    string? ClosedBecause,
    ImmutableHashSet<Guid> ToWithdraw)
    : IAggregate<TicketInventory, InventoryEvent>
{
    public const int MostPerHold = 100;

    public const int MostWithdrawnAtOnce = 500;

    public static TicketInventory Initial { get; } = new(
        0,
        null,
        ImmutableDictionary<Guid, Stock>.Empty,
        ImmutableDictionary<CounterKey, Counter>.Empty,
        OrderedMap<Guid, Allotment>.Empty,
        OrderedMap<(Guid BuyerId, Guid TicketTypeId), Share>.Empty,
        null,
        []);

    /// <summary>The last revision counts, in whatever order they are heard.</summary>
    public Decision<InventoryEvent> Announce(EventTerms terms, long revision, DateTimeOffset now) => this switch
    {
        { ClosedBecause: not null } => Decision.Nothing,
        _ when revision <= Revision => Decision.Nothing,
        { Terms: null } => WithPricesOf(new SalesOpened(terms, revision), now),
        _ => WithPricesOf(new TermsChanged(terms, revision), now),
    };

    /// <param name="codeHash">Of the code that the buyer named; null for none.</param>
    public Decision<InventoryEvent> Hold(
        Guid orderId, Guid buyerId, IReadOnlyList<WantedLine> lines, DateTimeOffset now, TimeSpan holdTime, string? codeHash = null)
    {
        if (Allotments.TryGetValue(orderId, out var known))
        {
            return known.RepeatedBy(buyerId, lines, codeHash, now);
        }

        if (Waiting.Entries.ContainsKey(orderId))
        {
            return Refusal.Conflict("order-id-taken", "Use a fresh order id.");
        }

        if (OpenRefusal(lines) is { } notOpen)
        {
            return notOpen;
        }

        var (code, unfit) = CodeOf(codeHash, now);
        if ((unfit ?? LinesRefusal(lines, code, now)) is { } wrong)
        {
            return wrong;
        }

        var held = HeldLines(lines);
        var currency = Stocks[lines[0].TicketTypeId].Terms.Currency;
        return (LimitRefusal(buyerId, held, now) ?? CodeRefusal(code, buyerId, held, now) ?? Counting.SoldOutRefusal(this, lines, now)) is { } refusal
            ? refusal
            : WithLapses(now, new TicketsHeld(orderId, buyerId, currency, Priced(held, code, now), now + holdTime) { CodeHash = codeHash });
    }

    public Decision<InventoryEvent> Release(Guid orderId, Guid buyerId, DateTimeOffset now) => Allotments.GetValueOrDefault(orderId) switch
    {
        null => HoldUnknown,
        var allotment when allotment.BuyerId != buyerId => HoldUnknown,
        { Status: AllotmentStatus.Held } hold => hold.Until > now ? WithLapses(now, new HoldReleased(orderId)) : Decision.Nothing,
        { Status: AllotmentStatus.Sold } => Refusal.Conflict("already-sold", "The tickets are sold. Ask the organiser for a refund."),
        _ => Decision.Nothing,
    };

    /// <summary>The order is paid or free. A payment that comes late gets the tickets if they are still free.</summary>
    public Decision<InventoryEvent> Sell(Guid orderId, DateTimeOffset now)
    {
        switch (Allotments.GetValueOrDefault(orderId))
        {
            case null:
                return new SaleRefused(orderId, "never-held");
            case { Status: AllotmentStatus.Sold or AllotmentStatus.Refused or AllotmentStatus.Returned }:
                return Decision.Nothing;
            case var _ when ClosedBecause is not null:
                return new SaleRefused(orderId, "event-cancelled");
            case { Status: AllotmentStatus.Held } hold when hold.Until > now:
                return WithLapses(now, new TicketsSold(orderId));
#if SABOTAGE
            case { Status: AllotmentStatus.Held or AllotmentStatus.Lapsed } when BuildingBlocks.Sabotage.Breaks("hold-expiry"):
                return WithLapses(now, new TicketsSold(orderId));
#endif
            case var late when (LimitRefusal(late.BuyerId, late.Lines, now) ?? LateCodeRefusal(late, now) ?? Counting.SoldOutRefusal(this, late.Wanted, now)) is { } refusal:
                return new SaleRefused(orderId, refusal.Code);
            default:
                return WithLapses(now, new TicketsSold(orderId));
        }
    }

    /// <summary>The tickets of a sold order count as free again.</summary>
    public Decision<InventoryEvent> Return(Guid orderId) =>
        Allotments.GetValueOrDefault(orderId) is { Status: AllotmentStatus.Sold } ? new SaleReturned(orderId) : Decision.Nothing;

    public Decision<InventoryEvent> Close(string reason) => ClosedBecause is null ? new InventoryClosed(reason) : Decision.Nothing;

    /// <summary>The next few orders of a closed event. Nothing once all are called off.</summary>
    public Decision<InventoryEvent> Withdraw() =>
        ToWithdraw.IsEmpty ? Decision.Nothing : new SalesWithdrawn([.. ToWithdraw.Take(MostWithdrawnAtOnce)]);

    /// <summary>Writes down what lapsed and what costs something else by now, so that what is read from this state is exact.</summary>
    public Decision<InventoryEvent> Lapse(DateTimeOffset now) => Terms is null ? Decision.Nothing : WithLapses(now);

    public static TicketInventory Evolve(TicketInventory state, InventoryEvent happened) => happened switch
    {
        TicketsHeld held => state.Take(held),
        TicketsSold sold => state.MoveTo(sold.OrderId, AllotmentStatus.Sold),
        HoldsLapsed lapsed => state.LapseUntil(lapsed.AsOf),
        HoldReleased released => state.MoveTo(released.OrderId, AllotmentStatus.Released),
        SaleRefused refused => state.MoveTo(refused.OrderId, AllotmentStatus.Refused),
        SaleReturned returned => state.MoveTo(returned.OrderId, AllotmentStatus.Returned),
        PriceChanged changed => state.Note(changed),
        TicketsReturned returned => state.Shrink(returned),
        SalesOpened opened => Counting.With(state, opened.Terms, opened.Revision).WithCodes(),
        TermsChanged changed => Counting.With(state, changed.Terms, changed.Revision).WithCodes(),
        InventoryClosed closed => state with { ClosedBecause = closed.Reason, ToWithdraw = state.Unsettled() },
        SalesWithdrawn withdrawn => state.WithdrawFrom(withdrawn.OrderIds),
        WaitlistJoined or WaitlistLeft or TicketsOffered or OffersLapsed or WaitlistClosed => state.WithWaiting(happened),
        _ => throw new UnreachableException(),
    };

    /// <summary>What is taken of a ticket type.</summary>
    public Counter CountOf(Guid ticketTypeId) => Counters[CounterKey.OfType(ticketTypeId)];

    /// <summary>How many tickets of a type can be had: the least that is free in the type and in its quotas.</summary>
    public int FreeAt(Guid ticketTypeId, DateTimeOffset now) => Stocks[ticketTypeId].Counters.Min(key => FreeIn(key, now));

    /// <summary>Exact below <paramref name="enough"/>.</summary>
    internal int FreeIn(CounterKey key, DateTimeOffset now, int enough = int.MaxValue) =>
        key.Kind is CounterKind.TicketType && !Stocks[key.Id].Offered ? 0 : Counters[key].FreeAt(now, enough);

    private static Refusal HoldUnknown { get; } = Refusal.NotFound("hold-unknown", "You hold no tickets under this order id.");

    private Refusal? OpenRefusal(IReadOnlyList<WantedLine> lines)
    {
        if (ClosedBecause is not null)
        {
            return Refusal.Conflict("event-cancelled", "The event is cancelled.");
        }

        if (Terms is null)
        {
            return Refusal.NotFound("sales-not-open", "No tickets are on sale for this event.");
        }

        return CountingRefusal(lines);
    }

    private Refusal? LinesRefusal(IReadOnlyList<WantedLine> lines, CodeTerms? code, DateTimeOffset now)
    {
        string? currency = null;
        foreach (var line in lines)
        {
            if (!Stocks.TryGetValue(line.TicketTypeId, out var stock) || !stock.Offered || !IsSeen(stock.Terms, code))
            {
                return Refusal.Unprocessable("ticket-type-unknown", "The event has no such ticket type.", "lines") with
                {
                    Details = new Dictionary<string, object?> { ["ticketTypeId"] = line.TicketTypeId },
                };
            }

            if (WindowRefusal(stock.Terms, now) is { } notNow)
            {
                return notNow;
            }

            if ((currency ??= stock.Terms.Currency) != stock.Terms.Currency)
            {
                return Refusal.Unprocessable("currencies-differ", "Tickets in different currencies need an order each.", "lines");
            }
        }

        return null;
    }

    private List<HeldLine> HeldLines(IReadOnlyList<WantedLine> lines) =>
        [.. lines.Select(line => HeldLine(Stocks[line.TicketTypeId].Terms, line.Quantity))];

    private static HeldLine HeldLine(TicketTerms type, int quantity) => new(type.TicketTypeId, type.Name, quantity, type.Price);

    private static Refusal? CountingRefusal(IReadOnlyList<WantedLine> lines)
    {
        var total = 0L;
        for (var index = 0; index < lines.Count; index++)
        {
            total += lines[index].Quantity;
            if (lines[index].Quantity < 1)
            {
                return Refusal.Invalid("quantity-invalid", "Each line must ask for at least one ticket.", "lines");
            }

            for (var earlier = 0; earlier < index; earlier++)
            {
                if (lines[earlier].TicketTypeId == lines[index].TicketTypeId)
                {
                    return Refusal.Invalid("quantity-invalid", "Each ticket type may stand in one line only.", "lines");
                }
            }
        }

        return total is < 1 or > MostPerHold
            ? Refusal.Invalid("quantity-invalid", $"An order must have 1 to {MostPerHold} tickets.", "lines")
            : null;
    }

    private Refusal? WindowRefusal(TicketTerms terms, DateTimeOffset now)
    {
        if (now < terms.SalesFrom)
        {
            return Refusal.Conflict("sales-not-started", "Sales have not started.") with
            {
                Details = new Dictionary<string, object?> { ["ticketTypeId"] = terms.TicketTypeId, ["salesFrom"] = terms.SalesFrom },
            };
        }

        var until = SalesEnd(terms);
        return now < until
            ? null
            : Refusal.Conflict("sales-ended", "Sales have ended.") with
            {
                Details = new Dictionary<string, object?> { ["ticketTypeId"] = terms.TicketTypeId, ["salesUntil"] = until },
            };
    }

    private Refusal? LimitRefusal(Guid buyerId, IReadOnlyList<HeldLine> lines, DateTimeOffset now)
    {
        foreach (var (ticketTypeId, quantity) in Counting.ByType(lines))
        {
            if (Stocks[ticketTypeId].Terms.PerBuyerLimit is not { } limit)
            {
                continue;
            }

            var taken = Shares.GetValueOrDefault((buyerId, ticketTypeId), Share.None).TakenAt(now);
            if (taken + quantity > limit)
            {
                return Refusal.Conflict("per-buyer-limit", $"One buyer may have {limit} of these tickets at most.") with
                {
                    Details = new Dictionary<string, object?> { ["ticketTypeId"] = ticketTypeId, ["limit"] = limit, ["taken"] = taken },
                };
            }
        }

        return null;
    }

    private bool AnyLapsed(DateTimeOffset now)
    {
        foreach (var (id, _) in Stocks)
        {
            if (Counters[CounterKey.OfType(id)].AnyLapsed(now))
            {
                return true;
            }
        }

        return false;
    }

    private ImmutableHashSet<Guid> Unsettled() =>
        [.. Allotments.Where(pair => pair.Value.Status is AllotmentStatus.Held or AllotmentStatus.Sold).Select(pair => pair.Key)];

    private TicketInventory Take(TicketsHeld held)
    {
        var allotment = new Allotment(held.BuyerId, held.Currency, held.Lines, held.Until, AllotmentStatus.Held) { CodeHash = held.CodeHash };
        return Count(held.OrderId, allotment, AllotmentStatus.Released, AllotmentStatus.Held) with
        {
            Allotments = Allotments.Add(held.OrderId, allotment),
        };
    }

    private TicketInventory MoveTo(Guid orderId, AllotmentStatus status)
    {
        if (!Allotments.TryGetValue(orderId, out var allotment))
        {
            // Refused without ever having been held: remembered, so that it is refused once.
            return this with { Allotments = Allotments.Add(orderId, new Allotment(Guid.Empty, "", [], default, status)) };
        }

        return Count(orderId, allotment, allotment.Status, status) with
        {
            Allotments = Allotments.SetItem(orderId, allotment with { Status = status }),
            Waiting = WaitingAfter(orderId, status),
        };
    }

    private TicketInventory Shrink(TicketsReturned returned)
    {
        var before = Allotments[returned.OrderId];
        var rest = before.Without(returned.Lines);
        return Count(returned.OrderId, before, before.Status, AllotmentStatus.Returned).Count(returned.OrderId, rest, AllotmentStatus.Returned, rest.Status) with
        {
            Allotments = Allotments.SetItem(returned.OrderId, rest),
        };
    }

    private TicketInventory Count(Guid orderId, Allotment allotment, AllotmentStatus from, AllotmentStatus to)
    {
        var (counters, shares) = (Counters, Shares);
        foreach (var (ticketTypeId, quantity) in Counting.ByType(allotment.Lines))
        {
            var part = new Deadline(allotment.Until, orderId, ticketTypeId, quantity);
            foreach (var key in Stocks[ticketTypeId].Counters)
            {
                counters = counters.SetItem(key, counters[key].Move(part, from, to));
            }

            var mine = (allotment.BuyerId, ticketTypeId);
            var share = shares.GetValueOrDefault(mine, Share.None).Move(part, from, to);
            shares = share.Taken == 0 ? shares.Remove(mine) : shares.SetItem(mine, share);
        }

        return (this with { Counters = counters, Shares = shares }).CountCode(orderId, allotment, from, to);
    }

    private TicketInventory LapseUntil(DateTimeOffset asOf)
    {
        var state = this;
        foreach (var (_, counter) in Counters.Where(pair => pair.Key.Kind is CounterKind.TicketType))
        {
            foreach (var hold in counter.Holds)
            {
                if (hold.Until > asOf)
                {
                    break;
                }

                // An order of several lines has lapsed as a whole already when its second ticket type comes by.
                if (state.Allotments[hold.OrderId].Status is AllotmentStatus.Held)
                {
                    state = state.MoveTo(hold.OrderId, AllotmentStatus.Lapsed);
                }
            }
        }

        return state;
    }

    private TicketInventory WithdrawFrom(IReadOnlyList<Guid> orderIds)
    {
        var state = this with { ToWithdraw = ToWithdraw.Except(orderIds) };
        foreach (var orderId in orderIds)
        {
            if (state.Allotments[orderId].Status is AllotmentStatus.Held)
            {
                state = state.MoveTo(orderId, AllotmentStatus.Released);
            }
        }

        return state;
    }
}
