using System.Collections.Immutable;

namespace EventFly.Participants.Inventory;

/// <summary>A part of a hold and when it stops counting. Sorted by deadline.</summary>
public readonly record struct Deadline(DateTimeOffset Until, Guid OrderId, int Quantity) : IComparable<Deadline>
{
    public int CompareTo(Deadline other) => Until.CompareTo(other.Until) is not 0 and var byTime ? byTime : OrderId.CompareTo(other.OrderId);

    public static bool operator <(Deadline left, Deadline right) => left.CompareTo(right) < 0;

    public static bool operator <=(Deadline left, Deadline right) => left.CompareTo(right) <= 0;

    public static bool operator >(Deadline left, Deadline right) => left.CompareTo(right) > 0;

    public static bool operator >=(Deadline left, Deadline right) => left.CompareTo(right) >= 0;
}

/// <summary>The counters of one ticket type.</summary>
/// <param name="Offered">False once the organiser took it from the list.</param>
/// <param name="Held">Tickets on hold, those included that lapsed and are not written down yet.</param>
/// <param name="Sold">Tickets sold and not returned.</param>
/// <param name="Holds">The holds behind <paramref name="Held"/>.</param>
public sealed record Stock(TicketTerms Terms, bool Offered, int Held, int Sold, ImmutableSortedSet<Deadline> Holds)
{
    /// <summary>
    /// How many are free: exact below <paramref name="enough"/>, and no longer counted from there on. Each lapsed hold that is looked at
    /// gives at least one ticket, so the number asked for bounds the work.
    /// </summary>
    public int FreeAt(DateTimeOffset now, int enough = int.MaxValue)
    {
        if (!Offered)
        {
            return 0;
        }

        var free = Terms.Quantity - Held - Sold;
        if (free < enough && !Holds.IsEmpty && Holds.Min.Until <= now)
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
}

/// <summary>What one buyer has of one ticket type.</summary>
/// <param name="Taken">Held and sold, those included that lapsed and are not written down yet.</param>
/// <param name="Holds">The holds among it.</param>
public sealed record Share(int Taken, ImmutableSortedSet<Deadline> Holds)
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
}
