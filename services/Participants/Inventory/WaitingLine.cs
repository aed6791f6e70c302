using System.Collections.Immutable;
using EventFly.BuildingBlocks.Snapshots;

namespace EventFly.Participants.Inventory;

/// <param name="Lines">What the party wants, all of it or nothing.</param>
public sealed record WaitlistJoined(Guid EntryId, Guid BuyerId, IReadOnlyList<WantedLine> Lines, DateTimeOffset At) : InventoryEvent;

/// <summary>A party that waited does not want to any more.</summary>
public sealed record WaitlistLeft(Guid EntryId) : InventoryEvent;

/// <summary>The hold that was written just before under this id is made for a party that waited.</summary>
public sealed record TicketsOffered(Guid EntryId) : InventoryEvent;

/// <summary>Offers that ended by their deadline. Their tickets were free before that.</summary>
public sealed record OffersLapsed(IReadOnlyList<Guid> EntryIds) : InventoryEvent;

/// <summary>These wait in vain.</summary>
public sealed record WaitlistClosed(IReadOnlyList<Guid> EntryIds, string Reason) : InventoryEvent;

public enum WaitlistStatus
{
    Waiting,
    Offered,
    Accepted,
    Declined,
    Lapsed,
    Left,
    Closed,
}

/// <param name="Number">Lower numbers come first.</param>
/// <param name="Lines">As the party named them.</param>
public sealed record WaitlistEntry(Guid EntryId, Guid BuyerId, long Number, IReadOnlyList<WantedLine> Lines, DateTimeOffset JoinedAt, WaitlistStatus Status)
{
    public int People => Lines.Sum(line => line.Quantity);

    public bool WantsTheTypesOf(IReadOnlyList<WantedLine> lines) =>
        Lines.Count == lines.Count && lines.All(line => Lines.Any(mine => mine.TicketTypeId == line.TicketTypeId));
}

/// <summary>A place in a line. Sorted by number.</summary>
public readonly record struct Place(long Number, Guid EntryId) : IComparable<Place>
{
    public int CompareTo(Place other) => Number.CompareTo(other.Number);

    public static bool operator <(Place left, Place right) => left.CompareTo(right) < 0;

    public static bool operator <=(Place left, Place right) => left.CompareTo(right) <= 0;

    public static bool operator >(Place left, Place right) => left.CompareTo(right) > 0;

    public static bool operator >=(Place left, Place right) => left.CompareTo(right) >= 0;
}

/// <summary>Those who want exactly the same.</summary>
/// <param name="Lines">By ticket type.</param>
public sealed record Lane(string Key, IReadOnlyList<WantedLine> Lines, ImmutableSortedSet<Place> Places)
{
    public int PartySize => Lines.Sum(line => line.Quantity);

    internal static string KeyOf(IReadOnlyList<WantedLine> lines) =>
        string.Join(',', lines.OrderBy(line => line.TicketTypeId).Select(line => $"{line.TicketTypeId:N}:{line.Quantity}"));
}

/// <summary>Who waits for tickets of an event, and who has an offer that is open.</summary>
/// <param name="LastNumber">Of whoever joined last.</param>
/// <param name="Entries">Everybody who ever joined, so that a repetition is recognised.</param>
/// <param name="Line">Everybody who waits, first come first.</param>
/// <param name="Lanes">The same, by what they want; none is empty.</param>
/// <param name="Offers">Open offers by deadline.</param>
/// <param name="Live">By buyer: who waits or has an open offer.</param>
public sealed record WaitingLine(
    long LastNumber,
    OrderedMap<Guid, WaitlistEntry> Entries,
    ImmutableSortedSet<Place> Line,
    ImmutableDictionary<string, Lane> Lanes,
    OrderedSet<Deadline> Offers,
    OrderedMap<Guid, ImmutableList<Guid>> Live)
{
    public static WaitingLine Nobody { get; } = new(
        0,
        OrderedMap<Guid, WaitlistEntry>.Empty,
        [],
        ImmutableDictionary<string, Lane>.Empty,
        [],
        OrderedMap<Guid, ImmutableList<Guid>>.Empty);

    public bool AnybodyWaits => !Line.IsEmpty;

    /// <summary>Nobody waits and no offer is open.</summary>
    public bool IsQuiet => Line.IsEmpty && Offers.IsEmpty;

    public IEnumerable<WaitlistEntry> LiveOf(Guid buyerId) => Live.GetValueOrDefault(buyerId, []).Select(id => Entries[id]);

    /// <summary>Parties and people before this one who want a ticket of one of its types.</summary>
    public (int Parties, int People) AheadOf(WaitlistEntry entry)
    {
        var (parties, people) = (0, 0);
        foreach (var lane in Lanes.Values.Where(lane => lane.Lines.Any(line => entry.Lines.Any(mine => mine.TicketTypeId == line.TicketTypeId))))
        {
            var index = lane.Places.IndexOf(new Place(entry.Number, entry.EntryId));
            var ahead = index >= 0 ? index : ~index;
            (parties, people) = (parties + ahead, people + (ahead * lane.PartySize));
        }

        return (parties, people);
    }

    /// <summary>Parties and people who want a ticket of this type.</summary>
    public (int Parties, int People) WaitingFor(Guid ticketTypeId)
    {
        var (parties, people) = (0, 0);
        foreach (var lane in Lanes.Values)
        {
            foreach (var line in lane.Lines.Where(line => line.TicketTypeId == ticketTypeId))
            {
                (parties, people) = (parties + lane.Places.Count, people + (lane.Places.Count * line.Quantity));
            }
        }

        return (parties, people);
    }

    internal WaitingLine Join(WaitlistJoined joined)
    {
        var entry = new WaitlistEntry(joined.EntryId, joined.BuyerId, LastNumber + 1, joined.Lines, joined.At, WaitlistStatus.Waiting);
        var (key, place) = (Lane.KeyOf(joined.Lines), new Place(entry.Number, entry.EntryId));
        var lane = Lanes.GetValueOrDefault(key) ?? new Lane(key, [.. joined.Lines.OrderBy(line => line.TicketTypeId)], []);
        return this with
        {
            LastNumber = entry.Number,
            Entries = Entries.SetItem(entry.EntryId, entry),
            Line = Line.Add(place),
            Lanes = Lanes.SetItem(key, lane with { Places = lane.Places.Add(place) }),
            Live = Live.SetItem(entry.BuyerId, Live.GetValueOrDefault(entry.BuyerId, []).Add(entry.EntryId)),
        };
    }

    internal WaitingLine Offer(Guid entryId, DateTimeOffset until) => OutOfLine(Entries[entryId]) with
    {
        Entries = Entries.SetItem(entryId, Entries[entryId] with { Status = WaitlistStatus.Offered }),
        Offers = Offers.Add(OfferOf(entryId, until)),
    };

    /// <summary>It is over for this entry; <paramref name="until"/> is its offer's deadline, if it had one.</summary>
    internal WaitingLine End(Guid entryId, WaitlistStatus how, DateTimeOffset until)
    {
        var entry = Entries[entryId];
        var line = entry.Status is WaitlistStatus.Waiting ? OutOfLine(entry) : this;
        var live = line.Live.GetValueOrDefault(entry.BuyerId, []).Remove(entryId);
        return line with
        {
            Entries = Entries.SetItem(entryId, entry with { Status = how }),
            Offers = line.Offers.Remove(OfferOf(entryId, until)),
            Live = live.IsEmpty ? line.Live.Remove(entry.BuyerId) : line.Live.SetItem(entry.BuyerId, live),
        };
    }

    private static Deadline OfferOf(Guid entryId, DateTimeOffset until) => new(until, entryId, Guid.Empty, 1);

    private WaitingLine OutOfLine(WaitlistEntry entry)
    {
        var (key, place) = (Lane.KeyOf(entry.Lines), new Place(entry.Number, entry.EntryId));
        var places = Lanes[key].Places.Remove(place);
        return this with
        {
            Line = Line.Remove(place),
            Lanes = places.IsEmpty ? Lanes.Remove(key) : Lanes.SetItem(key, Lanes[key] with { Places = places }),
        };
    }
}
