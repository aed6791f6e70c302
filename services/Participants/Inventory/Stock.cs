using EventFly.BuildingBlocks.Snapshots;

namespace EventFly.Participants.Inventory;

/// <summary>A ticket type and what a ticket of it is counted in.</summary>
/// <param name="Offered">False once the organiser took it from the list.</param>
/// <param name="Counters">Its own counter first, then its quotas'. A type that is no longer offered goes on counting where it did.</param>
public sealed record Stock(TicketTerms Terms, bool Offered, IReadOnlyList<CounterKey> Counters)
{
    internal static Stock Of(TicketTerms terms, EventTerms all) => new(terms, true, Draws(terms, all));

    internal Stock WithdrawnFrom(EventTerms all) => this with { Offered = false, Counters = Draws(Terms, all) };

    // A quota that the organiser took away limits nothing any more.
    private static IReadOnlyList<CounterKey> Draws(TicketTerms terms, EventTerms all) =>
    [
        CounterKey.OfType(terms.TicketTypeId),
        .. terms.QuotaIds.Distinct().Where(id => all.Quotas.Any(quota => quota.QuotaId == id)).Select(CounterKey.OfQuota),
    ];
}

/// <summary>What one buyer has of one ticket type.</summary>
/// <param name="Taken">Held and sold, those included that lapsed and are not written down yet.</param>
/// <param name="Holds">The holds among it.</param>
public sealed record Share(int Taken, OrderedSet<Deadline> Holds)
{
    public static Share None { get; } = new(0, []);

    public int TakenAt(DateTimeOffset now)
    {
        var taken = Taken;
        foreach (var hold in Holds)
        {
            if (hold.Until > now)
            {
                break;
            }

            taken -= hold.Quantity;
        }

        return taken;
    }

    internal Share Move(Deadline line, AllotmentStatus from, AllotmentStatus to)
    {
        var share = from switch
        {
            AllotmentStatus.Held => new Share(Taken - line.Quantity, Holds.Remove(line)),
            AllotmentStatus.Sold => this with { Taken = Taken - line.Quantity },
            _ => this,
        };
        return to switch
        {
            AllotmentStatus.Held => new Share(share.Taken + line.Quantity, share.Holds.Add(line)),
            AllotmentStatus.Sold => share with { Taken = share.Taken + line.Quantity },
            _ => share,
        };
    }
}
