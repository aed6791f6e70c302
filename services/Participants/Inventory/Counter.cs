using EventFly.BuildingBlocks.Snapshots;

namespace EventFly.Participants.Inventory;

public enum CounterKind
{
    TicketType,
    Quota,

    /// <summary>Counts uses: tickets that were had with a code.</summary>
    Code,
}

public readonly record struct CounterKey(CounterKind Kind, Guid Id)
{
    public static CounterKey OfType(Guid ticketTypeId) => new(CounterKind.TicketType, ticketTypeId);

    public static CounterKey OfQuota(Guid quotaId) => new(CounterKind.Quota, quotaId);

    public static CounterKey OfCode(Guid codeId) => new(CounterKind.Code, codeId);
}

/// <summary>A line of a hold and when it stops counting. Sorted by deadline.</summary>
public readonly record struct Deadline(DateTimeOffset Until, Guid OrderId, Guid TicketTypeId, int Quantity) : IComparable<Deadline>
{
    public int CompareTo(Deadline other) =>
        Until.CompareTo(other.Until) is not 0 and var byTime ? byTime
        : OrderId.CompareTo(other.OrderId) is not 0 and var byOrder ? byOrder
        : TicketTypeId.CompareTo(other.TicketTypeId);

    public static bool operator <(Deadline left, Deadline right) => left.CompareTo(right) < 0;

    public static bool operator <=(Deadline left, Deadline right) => left.CompareTo(right) <= 0;

    public static bool operator >(Deadline left, Deadline right) => left.CompareTo(right) > 0;

    public static bool operator >=(Deadline left, Deadline right) => left.CompareTo(right) >= 0;
}

/// <summary>What is taken of something that there is only so much of: a ticket type, or a quota that several types draw on.</summary>
/// <param name="Capacity">May be lowered below what is taken: then nothing is free until enough came back.</param>
/// <param name="Held">Tickets on hold, those included that lapsed and are not written down yet.</param>
/// <param name="Sold">Tickets sold and not returned.</param>
/// <param name="Holds">The holds behind <paramref name="Held"/>.</param>
public sealed record Counter(int Capacity, int Held, int Sold, OrderedSet<Deadline> Holds)
{
    public static Counter Empty(int capacity) => new(capacity, 0, 0, []);

    /// <summary>
    /// How many are free: exact below <paramref name="enough"/>, and no longer counted from there on. Each lapsed hold that is looked at
    /// gives at least one ticket, so the number asked for bounds the work.
    /// </summary>
    public int FreeAt(DateTimeOffset now, int enough = int.MaxValue)
    {
        var free = Capacity - Held - Sold;
        if (free < enough && AnyLapsed(now))
        {
            foreach (var hold in Holds)
            {
                if (free >= enough || hold.Until > now)
                {
                    break;
                }

                free += hold.Quantity;
            }
        }

        return Math.Max(0, free);
    }

    /// <summary>Held and sold, without what lapsed.</summary>
    public int TakenAt(DateTimeOffset now)
    {
        var taken = Held + Sold;
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

    public bool AnyLapsed(DateTimeOffset now) => !Holds.IsEmpty && Holds.Min.Until <= now;

    /// <summary>The same tickets, counted where their order went.</summary>
    internal Counter Move(Deadline line, AllotmentStatus from, AllotmentStatus to)
    {
        var counter = from switch
        {
            AllotmentStatus.Held => this with { Held = Held - line.Quantity, Holds = Holds.Remove(line) },
            AllotmentStatus.Sold => this with { Sold = Sold - line.Quantity },
            _ => this,
        };
        return to switch
        {
            AllotmentStatus.Held => counter with { Held = counter.Held + line.Quantity, Holds = counter.Holds.Add(line) },
            AllotmentStatus.Sold => counter with { Sold = counter.Sold + line.Quantity },
            _ => counter,
        };
    }

    /// <summary>What several ticket types have taken together.</summary>
    internal static Counter SumOf(int capacity, IReadOnlyList<Counter> parts) => new(
        capacity,
        parts.Sum(part => part.Held),
        parts.Sum(part => part.Sold),
        parts.Aggregate(OrderedSet<Deadline>.Empty, (all, part) => all.Union(part.Holds)));
}
