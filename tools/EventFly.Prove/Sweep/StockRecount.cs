using System.Text.Json;

namespace EventFly.Prove.Sweep;

internal enum Stand
{
    Held,
    Lapsed,
    Released,
    Sold,
    Refused,
    Returned,
}

/// <param name="Held">Tickets by type, as they were held.</param>
/// <param name="Lines">What is left of them.</param>
/// <param name="Until">When the hold ends.</param>
internal sealed record Allotted(Stand Stand, IReadOnlyDictionary<Guid, int> Held, IReadOnlyDictionary<Guid, int> Lines, DateTimeOffset Until);

/// <summary>
/// Counts the tickets of one event again, event by event and by other means than the product: what is taken is what is written as held or sold, and
/// that is never more than there is. A hold that lapsed counts until its lapse is written, which is before anybody else gets the tickets.
/// </summary>
internal sealed class StockRecount
{
    private readonly Dictionary<Guid, int> there = [];
    private readonly Dictionary<Guid, (int Capacity, HashSet<Guid> Types)> quotas = [];
    private readonly Dictionary<Guid, int> taken = [];
    private readonly Dictionary<Guid, Allotted> orders = [];
    private readonly PriorityQueue<Guid, DateTimeOffset> ends = new();
    private readonly List<string> differences = [];

    /// <summary>By order.</summary>
    public IReadOnlyDictionary<Guid, Allotted> Orders => orders;

    public IReadOnlyDictionary<Guid, int> There => there;

    public IReadOnlyList<string> Differences => differences;

    public long Versions { get; private set; }

    /// <summary>How many tickets of a type can be had when nothing is held: the least that is free in the type and in its quotas.</summary>
    public int Free(Guid ticketTypeId) => quotas.Values.Where(quota => quota.Types.Contains(ticketTypeId))
        .Select(quota => quota.Capacity - quota.Types.Sum(Sold))
        .Append(there[ticketTypeId] - Sold(ticketTypeId))
        .Min();

    public static StockRecount Of(IEnumerable<Happened> inventory)
    {
        var recount = new StockRecount();
        foreach (var happened in inventory) recount.Take(happened);
        return recount;
    }

    private int Sold(Guid ticketTypeId) => orders.Values.Where(order => order.Stand is Stand.Sold).Sum(order => order.Lines.GetValueOrDefault(ticketTypeId));

    private void Take(Happened happened)
    {
        Versions++;
        if (happened.Version != Versions) Differ(happened, $"is not version {Versions}");
        var data = happened.Data;
        switch (happened.Name)
        {
            case "sales-opened" or "terms-changed":
                ReadTerms(data.GetProperty("terms"));
                break;
            case "tickets-held":
                Hold(happened, data);
                break;
            case "holds-lapsed":
                Lapse(happened, data.Time("asOf"));
                break;
            case "tickets-sold":
                Move(happened, Stand.Sold, Stand.Held, Stand.Lapsed, Stand.Released);
                break;
            case "hold-released":
                Move(happened, Stand.Released, Stand.Held);
                break;
            case "sale-returned":
                Move(happened, Stand.Returned, Stand.Sold);
                break;
            case "tickets-returned":
                GiveUp(happened);
                break;
            case "sale-refused":
                Refuse(happened);
                break;
            case "inventory-closed" or "price-changed":
                break;
            case "sales-withdrawn":
                foreach (var order in data.Items("orderIds")) Withdraw(order.GetGuid());
                break;
            default:
                Differ(happened, "is no event that this recount knows");
                break;
        }
    }

    private void ReadTerms(JsonElement terms)
    {
        var types = terms.Items("ticketTypes").ToList();
        foreach (var type in types) there[type.Id("ticketTypeId")] = (int)type.Number("quantity");
        quotas.Clear();
        foreach (var quota in terms.Items("quotas"))
        {
            var id = quota.Id("quotaId");
            var drawing = types.Where(type => type.Items("quotaIds").Any(drawn => drawn.GetGuid() == id)).Select(type => type.Id("ticketTypeId"));
            quotas[id] = ((int)quota.Number("capacity"), [.. drawing]);
        }
    }

    private void Hold(Happened happened, JsonElement data)
    {
        var lines = data.Items("lines").GroupBy(line => line.Id("ticketTypeId")).ToDictionary(type => type.Key, type => type.Sum(line => (int)line.Number("quantity")));
        var held = new Allotted(Stand.Held, lines, lines, data.Time("until"));
        if (orders.TryGetValue(data.Id("orderId"), out var known))
        {
            Differ(happened, $"holds for an order that has had its tickets ({known.Stand})");
            Count(happened, known, -1, IsTaken(known.Stand));
        }

        orders[data.Id("orderId")] = held;
        ends.Enqueue(data.Id("orderId"), held.Until);
        Count(happened, held, 1, true);
    }

    private void Lapse(Happened happened, DateTimeOffset asOf)
    {
        if (asOf > happened.At.AddSeconds(1)) Differ(happened, "lets holds lapse before their time");
        while (ends.TryPeek(out var order, out var until) && until <= asOf)
        {
            ends.Dequeue();
            if (orders[order].Stand is Stand.Held) Set(happened, order, Stand.Lapsed);
        }
    }

    private void Move(Happened happened, Stand to, params ReadOnlySpan<Stand> from)
    {
        var order = happened.Data.Id("orderId");
        if (!orders.TryGetValue(order, out var known)) Differ(happened, "is about an order that held nothing");
        else if (!from.Contains(known.Stand)) Differ(happened, $"is about an order that is {known.Stand}");
        if (known is not null) Set(happened, order, to);
    }

    private void Refuse(Happened happened)
    {
        var order = happened.Data.Id("orderId");
        if (!orders.TryAdd(order, new Allotted(Stand.Refused, new Dictionary<Guid, int>(), new Dictionary<Guid, int>(), default))) Set(happened, order, Stand.Refused);
    }

    /// <summary>An order does without some of its tickets.</summary>
    private void GiveUp(Happened happened)
    {
        var order = happened.Data.Id("orderId");
        if (!orders.TryGetValue(order, out var known))
        {
            Differ(happened, "is about an order that held nothing");
            return;
        }

        var lines = new Dictionary<Guid, int>(known.Lines);
        foreach (var line in happened.Data.Items("lines"))
        {
            var type = line.Id("ticketTypeId");
            lines[type] = lines.GetValueOrDefault(type) - (int)line.Number("quantity");
            if (lines[type] < 0) Differ(happened, "gives back more than the order had");
            if (IsTaken(known.Stand)) taken[type] = taken.GetValueOrDefault(type) - (int)line.Number("quantity");
            if (lines[type] == 0) lines.Remove(type);
        }

        orders[order] = known with { Lines = lines };
    }

    private void Withdraw(Guid order)
    {
        if (orders.GetValueOrDefault(order) is { Stand: Stand.Held } held)
        {
            Count(null, held, -1, true);
            orders[order] = held with { Stand = Stand.Released };
        }
    }

    private void Set(Happened happened, Guid order, Stand stand)
    {
        var known = orders[order];
        if (IsTaken(known.Stand) != IsTaken(stand)) Count(happened, known, IsTaken(stand) ? 1 : -1, true);
        orders[order] = known with { Stand = stand };
    }

    private void Count(Happened? happened, Allotted allotted, int sign, bool isTaken)
    {
        if (!isTaken) return;
        foreach (var (type, quantity) in allotted.Lines)
        {
            var now = taken[type] = taken.GetValueOrDefault(type) + (sign * quantity);
            if (sign < 0 || happened is null) continue;

            if (now > there.GetValueOrDefault(type)) Differ(happened, $"takes {now} of the {there.GetValueOrDefault(type)} tickets of type {type}");
            foreach (var (id, quota) in quotas.Where(quota => quota.Value.Types.Contains(type)))
            {
                var together = quota.Types.Sum(each => taken.GetValueOrDefault(each));
                if (together > quota.Capacity) Differ(happened, $"takes {together} of the {quota.Capacity} tickets of quota {id}");
            }
        }
    }

    private static bool IsTaken(Stand stand) => stand is Stand.Held or Stand.Sold;

    private void Differ(Happened happened, string how) => differences.Add($"{happened.Stream} version {happened.Version}: {happened.Name} {how}");
}
