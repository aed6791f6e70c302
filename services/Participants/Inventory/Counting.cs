using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Participants.Inventory;

/// <summary>Whether there is room for what is wanted, in each ticket type and in each quota that it draws on.</summary>
internal static class Counting
{
    /// <summary>Null when everything fits together behind those who wait; else what lacks room.</summary>
    public static Refusal? SoldOutRefusal(TicketInventory inventory, IReadOnlyList<WantedLine> lines, DateTimeOffset now)
    {
        var ahead = inventory.Waiting.AnybodyWaits ? Outlook.Of(inventory, now) : null;
        List<Left>? types = null;
        List<QuotaLeft>? quotas = null;
        var isWaitedFor = false;
        foreach (var (key, quantity) in Wanted(inventory, lines))
        {
            var free = ahead?.FreeIn(key, quantity) ?? inventory.FreeIn(key, now, quantity);
            if (free >= quantity)
            {
                continue;
            }

            isWaitedFor |= ahead?.IsWaitedFor(key) is true;
            if (key.Kind is CounterKind.TicketType)
            {
                (types ??= []).Add(new Left(key.Id, free));
            }
            else
            {
                (quotas ??= []).Add(new QuotaLeft(key.Id, inventory.Terms!.Quotas.First(quota => quota.QuotaId == key.Id).Name, quantity, free));
            }
        }

        if (types is null && quotas is null)
        {
            return null;
        }

        var details = new Dictionary<string, object?> { ["left"] = types ?? [], ["quotas"] = quotas ?? [] };
        if (isWaitedFor)
        {
            return Refusal.Conflict("join-waitlist", "Others wait for these tickets. Join the waitlist.") with { Details = details };
        }

        var message = types is not null
            ? types[0].Free == 0 ? "No tickets are left." : $"Only {types[0].Free} tickets are left."
            : quotas![0].Free == 0 ? $"No places are left in {quotas[0].Name}." : $"Only {quotas[0].Free} places are left in {quotas[0].Name}.";
        return Refusal.Conflict("sold-out", message) with { Details = details };
    }

    /// <summary>Whether not even one ticket is left of a type, or of a quota, that these lines need.</summary>
    public static bool AnySoldOut(TicketInventory inventory, IReadOnlyList<WantedLine> lines, DateTimeOffset now)
    {
        var ahead = inventory.Waiting.AnybodyWaits ? Outlook.Of(inventory, now) : null;
        return Wanted(inventory, lines).Keys.Any(key => (ahead?.FreeIn(key, 1) ?? inventory.FreeIn(key, now, 1)) == 0);
    }

    /// <summary>What these lines take of each counter.</summary>
    public static Dictionary<CounterKey, int> Wanted(TicketInventory inventory, IReadOnlyList<WantedLine> lines)
    {
        var wanted = new Dictionary<CounterKey, int>();
        foreach (var line in lines)
        {
            foreach (var key in inventory.Stocks[line.TicketTypeId].Counters)
            {
                wanted[key] = wanted.GetValueOrDefault(key) + line.Quantity;
            }
        }

        return wanted;
    }

    /// <summary>Tickets of each type; a type may stand in several lines, each with a price of its own.</summary>
    public static IEnumerable<(Guid TicketTypeId, int Quantity)> ByType(IReadOnlyList<HeldLine> lines) => lines is [var only]
        ? [(only.TicketTypeId, only.Quantity)]
        : lines.GroupBy(line => line.TicketTypeId).Select(type => (type.Key, type.Sum(line => line.Quantity)));

    /// <summary>The terms as they are announced now, over what was counted before.</summary>
    public static TicketInventory With(TicketInventory inventory, EventTerms terms, long revision)
    {
        var (before, counters) = (inventory.Counters, inventory.Counters.ToBuilder());
        var stocks = inventory.Stocks.ToBuilder();
        foreach (var (id, stock) in inventory.Stocks)
        {
            stocks[id] = stock.WithdrawnFrom(terms);
        }

        foreach (var type in terms.TicketTypes)
        {
            stocks[type.TicketTypeId] = Stock.Of(type, terms);
            var key = CounterKey.OfType(type.TicketTypeId);
            counters[key] = before.TryGetValue(key, out var counter) ? counter with { Capacity = type.Quantity } : Counter.Empty(type.Quantity);
        }

        foreach (var key in before.Keys.Where(key => key.Kind is CounterKind.Quota))
        {
            counters.Remove(key);
        }

        foreach (var quota in terms.Quotas)
        {
            var key = CounterKey.OfQuota(quota.QuotaId);
            var drawing = Drawing(stocks, key);
            counters[key] = before.TryGetValue(key, out var counter) && drawing.SetEquals(Drawing(inventory.Stocks, key))
                ? counter with { Capacity = quota.Capacity }
                : Counter.SumOf(quota.Capacity, [.. drawing.Select(type => counters[CounterKey.OfType(type)])]);
        }

        return inventory with { Terms = terms, Revision = revision, Stocks = stocks.ToImmutable(), Counters = counters.ToImmutable() };
    }

    private static HashSet<Guid> Drawing(IReadOnlyDictionary<Guid, Stock> stocks, CounterKey key) =>
        [.. stocks.Where(pair => pair.Value.Counters.Contains(key)).Select(pair => pair.Key)];

    private readonly record struct Left(Guid TicketTypeId, int Free);

    private readonly record struct QuotaLeft(Guid QuotaId, string Name, int Wanted, int Free);
}
