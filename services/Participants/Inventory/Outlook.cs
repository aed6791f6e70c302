namespace EventFly.Participants.Inventory;

/// <summary>
/// Who of those that wait is served with what is free now, and what that leaves for others. The line is gone through from its head:
/// a party that fits is served. One that does not keeps what there is of it already, and whatever it still lacks is closed for everybody behind it,
/// so that freed tickets gather for it and no smaller party is served first. Parties that do not touch what it lacks pass it by.
/// </summary>
/// <remarks>Looks at the first of each lane only: the work is that of the parties served and of the kinds of parties that wait.</remarks>
internal sealed class Outlook
{
    private readonly TicketInventory inventory;
    private readonly DateTimeOffset now;
    private readonly Dictionary<CounterKey, int> claimed = [];
    private readonly HashSet<CounterKey> closed = [];
    private bool everythingClosed;

    private Outlook(TicketInventory inventory, DateTimeOffset now) => (this.inventory, this.now) = (inventory, now);

    public List<Guid> Served { get; } = [];

    /// <param name="most">Once so many are served the rest of the line is not looked at, and nothing is left for others until it was.</param>
    public static Outlook Of(TicketInventory inventory, DateTimeOffset now, int most = TicketInventory.MostOffersAtOnce)
    {
        var outlook = new Outlook(inventory, now);
        outlook.Walk(most);
        return outlook;
    }

    /// <summary>Whether somebody who waits has it before everybody else.</summary>
    public bool IsClosed(CounterKey key) => everythingClosed || closed.Contains(key);

    /// <summary>Whether those who wait have any part of it.</summary>
    public bool IsWaitedFor(CounterKey key) => IsClosed(key) || claimed.GetValueOrDefault(key) > 0;

    /// <summary>What is left behind the last who waits. Exact below <paramref name="enough"/>.</summary>
    public int FreeIn(CounterKey key, int enough = int.MaxValue)
    {
        var mine = claimed.GetValueOrDefault(key);
        return IsClosed(key) ? 0 : Math.Max(0, inventory.FreeIn(key, now, enough > int.MaxValue - mine ? int.MaxValue : enough + mine) - mine);
    }

    private void Walk(int most)
    {
        var heads = new PriorityQueue<(Lane Lane, int Index, Dictionary<CounterKey, int> Wanted), long>();
        foreach (var lane in inventory.Waiting.Lanes.Values)
        {
            var wanted = Counting.Wanted(inventory, lane.Lines);
            if (!Sleeps(lane, wanted))
            {
                heads.Enqueue((lane, 0, wanted), lane.Places[0].Number);
            }
        }

        while (heads.TryDequeue(out var head, out _))
        {
            if (head.Wanted.Keys.Any(closed.Contains))
            {
                continue;
            }

            var lacking = head.Wanted.Where(need => FreeIn(need.Key, need.Value) < need.Value).Select(need => need.Key).ToArray();
            if (lacking.Length > 0)
            {
                Gather(head.Lane);
                closed.UnionWith(lacking);
                continue;
            }

            if (Served.Count == most)
            {
                everythingClosed = true;
                return;
            }

            Served.Add(head.Lane.Places[head.Index].EntryId);
            foreach (var (key, quantity) in head.Wanted)
            {
                claimed[key] = claimed.GetValueOrDefault(key) + quantity;
            }

            if (head.Index + 1 < head.Lane.Places.Count)
            {
                heads.Enqueue(head with { Index = head.Index + 1 }, head.Lane.Places[head.Index + 1].Number);
            }
        }
    }

    /// <summary>Of each type as many as are there, with their places in the quotas.</summary>
    private void Gather(Lane lane)
    {
        foreach (var line in lane.Lines)
        {
            var keys = inventory.Stocks[line.TicketTypeId].Counters;
            var gathered = keys.Min(key => Math.Min(line.Quantity, FreeIn(key, line.Quantity)));
            foreach (var key in keys)
            {
                claimed[key] = claimed.GetValueOrDefault(key) + gathered;
            }
        }
    }

    /// <summary>Parties that cannot be served whatever is freed: they are not waited for.</summary>
    private bool Sleeps(Lane lane, Dictionary<CounterKey, int> wanted) =>
        wanted.Any(need => inventory.Counters[need.Key].Capacity < need.Value)
        || lane.Lines.Any(line => inventory.Stocks[line.TicketTypeId] is var stock
            && (!stock.Offered || now < stock.Terms.SalesFrom || now >= inventory.SalesEnd(stock.Terms)));
}
