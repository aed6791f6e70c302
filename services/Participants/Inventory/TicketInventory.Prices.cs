using System.Collections.Immutable;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Snapshots;

namespace EventFly.Participants.Inventory;

/// <summary>
/// The price of the next ticket of a type is another one from here on. It follows from the terms announced last, from how many tickets are taken and from
/// the time: <see cref="Pricing.At"/> of these gives <paramref name="To"/> again.
/// </summary>
/// <param name="Number">Counts the changes of the event's prices, from 1.</param>
/// <param name="From">In minor units; null for the first price.</param>
/// <param name="To">In minor units.</param>
/// <param name="Tier">The early tier that made the price.</param>
/// <param name="DemandFrom">The percentage at which the demand step began that made the price.</param>
/// <param name="Taken">Tickets of the type that were held or sold then.</param>
public sealed record PriceChanged(
    Guid TicketTypeId, int Number, long? From, long To, string? Tier, int? DemandFrom, int Taken, DateTimeOffset At) : InventoryEvent;

/// <summary>Prices and codes: what a hold costs, which tickets it may name, and how often a code is used.</summary>
public sealed partial record TicketInventory
{
    /// <summary>The price of the next ticket of each type, as it was written down last.</summary>
    public ImmutableDictionary<Guid, long> Prices { get; init; } = ImmutableDictionary<Guid, long>.Empty;

    /// <summary>How often a price changed.</summary>
    public int PriceChanges { get; init; }

    /// <summary>What each buyer has with each code.</summary>
    public OrderedMap<(Guid BuyerId, Guid CodeId), Share> CodeShares { get; init; } = OrderedMap<(Guid BuyerId, Guid CodeId), Share>.Empty;

    /// <summary>Tickets of a type that count at this moment.</summary>
    public int TakenAt(Guid ticketTypeId, DateTimeOffset now) => CountOf(ticketTypeId).TakenAt(now);

    /// <summary>Whether a buyer may know of this type.</summary>
    public static bool IsSeen(TicketTerms type, CodeTerms? code) => !type.Hidden || code?.Unlocks.Contains(type.TicketTypeId) is true;

    /// <summary>The code that this is the hash of, or why it is good for nothing now.</summary>
    public (CodeTerms? Code, Refusal? Refusal) CodeOf(string? codeHash, DateTimeOffset now)
    {
        if (codeHash is null)
        {
            return (null, null);
        }

        foreach (var code in Terms?.Codes ?? [])
        {
            if (code.CodeHash != codeHash)
            {
                continue;
            }

            return now < code.ValidFrom ? (null, CodeRefusal("code-not-started", "The code is not valid yet.", ("validFrom", code.ValidFrom)))
                : now >= code.ValidUntil ? (null, CodeRefusal("code-expired", "The code is not valid any more.", ("validUntil", code.ValidUntil)))
                : (code, null);
        }

        return (null, Refusal.Unprocessable("code-unknown", "There is no such code for this event.", "code"));
    }

    /// <summary>How many tickets the code is still good for; null: no limit.</summary>
    public int? UsesLeft(CodeTerms code, DateTimeOffset now) =>
        code.UseLimit is null ? null : Counters[CounterKey.OfCode(code.CodeId)].FreeAt(now);

    private Refusal? CodeRefusal(CodeTerms? code, Guid buyerId, IReadOnlyList<HeldLine> lines, DateTimeOffset now)
    {
        if (code is null)
        {
            return null;
        }

        var wanted = lines.Where(line => code.CountsFor(Stocks[line.TicketTypeId].Terms)).Sum(line => line.Quantity);
        return wanted == 0
            ? Refusal.Unprocessable("code-not-applicable", "The code is for other tickets.", "code")
            : UsesRefusal(code.CodeId, code.PerBuyerLimit, wanted, buyerId, now);
    }

    /// <summary>The same question for a hold that lapsed: its price stays, and its use must still be there.</summary>
    private Refusal? LateCodeRefusal(Allotment late, DateTimeOffset now)
    {
        var (codeId, uses) = late.CodeUses;
        return codeId is { } used ? UsesRefusal(used, Terms!.Codes.FirstOrDefault(code => code.CodeId == used)?.PerBuyerLimit, uses, late.BuyerId, now) : null;
    }

    private Refusal? UsesRefusal(Guid codeId, int? perBuyer, int wanted, Guid buyerId, DateTimeOffset now)
    {
        if (perBuyer is { } limit && CodeShares.GetValueOrDefault((buyerId, codeId), Share.None).TakenAt(now) is var taken && taken + wanted > limit)
        {
            return CodeRefusal("code-per-buyer-limit", $"One buyer may have {limit} tickets with this code at most.", ("limit", limit), ("taken", taken));
        }

        var left = Counters.GetValueOrDefault(CounterKey.OfCode(codeId))?.FreeAt(now, wanted) ?? int.MaxValue;
        return left >= wanted
            ? null
            : CodeRefusal("code-used-up", left == 0 ? "The code is used up." : $"The code is good for {left} more tickets only.", ("left", left));
    }

    private List<HeldLine> Priced(List<HeldLine> lines, CodeTerms? code, DateTimeOffset now)
    {
        var priced = new List<HeldLine>(lines.Count);
        foreach (var line in lines)
        {
            var type = Stocks[line.TicketTypeId].Terms;
            priced.AddRange(Pricing.Lines(type, type.PriceRule is null ? 0 : TakenAt(line.TicketTypeId, now), line.Quantity, code, now));
        }

        return priced;
    }

    /// <summary>What lapsed, what happens, and each price that is another one by it or by the time that went by.</summary>
    private Decision<InventoryEvent> WithLapses(DateTimeOffset now, params ReadOnlySpan<InventoryEvent> happen)
    {
        var events = new List<InventoryEvent>(happen.Length + 1);
        var state = this;
        if (AnyLapsed(now))
        {
            events.Add(new HoldsLapsed(now));
        }

        if (!Terms!.TicketTypes.Any(static type => type.PriceRule is not null))
        {
            // Prices stand still: nothing to look for.
            events.AddRange(happen);
            return events;
        }

        if (events is [var lapsed])
        {
            state = Evolve(state, lapsed);
        }

        state = state.NotePrices(events, now);
        foreach (var next in happen)
        {
            events.Add(next);
            state = Evolve(state, next);
            if (next is TicketsHeld held)
            {
                state = state.NotePricesWithin(held, events, now);
            }

            state = state.NotePrices(events, now);
        }

        return events;
    }

    private Decision<InventoryEvent> WithPricesOf(InventoryEvent announced, DateTimeOffset now)
    {
        List<InventoryEvent> events = [announced];
        Evolve(this, announced).NotePrices(events, now);
        return events;
    }

    /// <summary>Writes down each price that is not what was written down last.</summary>
    private TicketInventory NotePrices(List<InventoryEvent> events, DateTimeOffset now)
    {
        var state = this;
        foreach (var type in Terms!.TicketTypes)
        {
            var taken = type.PriceRule is null ? 0 : TakenAt(type.TicketTypeId, now);
            state = state.Note(type.TicketTypeId, Pricing.At(type, taken, now), taken, events, now);
        }

        return state;
    }

    /// <summary>A party that crosses steps pays each of them: each was the price for a ticket.</summary>
    private TicketInventory NotePricesWithin(TicketsHeld held, List<InventoryEvent> events, DateTimeOffset now)
    {
        var state = this;
        foreach (var party in held.Lines.GroupBy(line => line.TicketTypeId))
        {
            var place = TakenAt(party.Key, now) - party.Sum(line => line.Quantity);
            foreach (var line in party)
            {
                state = state.Note(party.Key, new Quote(line.ListPrice ?? line.UnitPrice, line.Tier, line.DemandFrom), place, events, now);
                place += line.Quantity;
            }
        }

        return state;
    }

    private TicketInventory Note(Guid ticketTypeId, Quote quote, int taken, List<InventoryEvent> events, DateTimeOffset now)
    {
        var known = Prices.TryGetValue(ticketTypeId, out var before);
        if (known && before == quote.Price)
        {
            return this;
        }

        var changed = new PriceChanged(ticketTypeId, PriceChanges + 1, known ? before : null, quote.Price, quote.Tier, quote.DemandFrom, taken, now);
        events.Add(changed);
        return Evolve(this, changed);
    }

    private TicketInventory Note(PriceChanged changed) => this with
    {
        Prices = Prices.SetItem(changed.TicketTypeId, changed.To),
        PriceChanges = changed.Number,
    };

    private TicketInventory CountCode(Guid orderId, Allotment allotment, AllotmentStatus from, AllotmentStatus to)
    {
        if (allotment.CodeUses is not ({ } codeId, var uses))
        {
            return this;
        }

        var part = new Deadline(allotment.Until, orderId, codeId, uses);
        var key = CounterKey.OfCode(codeId);
        var mine = (allotment.BuyerId, codeId);
        var share = CodeShares.GetValueOrDefault(mine, Share.None).Move(part, from, to);
        return this with
        {
            Counters = Counters.SetItem(key, (Counters.GetValueOrDefault(key) ?? Counter.Empty(int.MaxValue)).Move(part, from, to)),
            CodeShares = share.Taken == 0 ? CodeShares.Remove(mine) : CodeShares.SetItem(mine, share),
        };
    }

    /// <summary>A code that was taken away limits nothing any more, and goes on counting in case that it comes back.</summary>
    private TicketInventory WithCodes()
    {
        var counters = Counters.ToBuilder();
        foreach (var (key, counter) in Counters.Where(pair => pair.Key.Kind is CounterKind.Code))
        {
            counters[key] = counter with { Capacity = int.MaxValue };
        }

        foreach (var code in Terms!.Codes)
        {
            var key = CounterKey.OfCode(code.CodeId);
            counters[key] = (counters.GetValueOrDefault(key) ?? Counter.Empty(0)) with { Capacity = code.UseLimit ?? int.MaxValue };
        }

        return this with { Counters = counters.ToImmutable() };
    }

    private static Refusal CodeRefusal(string code, string message, params ReadOnlySpan<(string Name, object? Value)> details)
    {
        var facts = new Dictionary<string, object?>();
        foreach (var (name, value) in details)
        {
            facts[name] = value;
        }

        return Refusal.Conflict(code, message) with { Field = "code", Details = facts };
    }
}
