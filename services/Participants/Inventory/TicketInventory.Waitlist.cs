using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Participants.Inventory;

/// <summary>The waitlist is part of the stock, so that what is offered cannot be sold to somebody else.</summary>
public sealed partial record TicketInventory
{
    public const int MostPerParty = 20;

    public const int MostTypesPerParty = 5;

    public const int MostOffersAtOnce = 100;

    public const int MostEndedAtOnce = 500;

    public const int MostWaiting = 50_000;

    public const int MostLanes = 500;

    public const int MostEntriesPerBuyer = 10;

    public WaitingLine Waiting { get; init; } = WaitingLine.Nobody;

    /// <summary>A party waits for what is sold out. The id of its entry becomes the id of the hold that it is offered, and of the order.</summary>
    public Decision<InventoryEvent> Join(Guid entryId, Guid buyerId, IReadOnlyList<WantedLine> lines, DateTimeOffset now)
    {
        if (Waiting.Entries.TryGetValue(entryId, out var known))
        {
            return known.BuyerId != buyerId || !known.Lines.SequenceEqual(lines) ? EntryIdTaken
                : StatusAt(known, now) is WaitlistStatus.Waiting or WaitlistStatus.Offered or WaitlistStatus.Accepted ? Decision.Nothing
                : Refusal.Conflict("waitlist-entry-over", "This entry has come to its end. Join again with a fresh id.");
        }

        if (Allotments.ContainsKey(entryId))
        {
            return EntryIdTaken;
        }

        if ((OpenRefusal(lines) ?? LinesRefusal(lines, null, now)) is { } wrong)
        {
            return wrong;
        }

        if (lines.Sum(line => line.Quantity) > MostPerParty || lines.Count > MostTypesPerParty)
        {
            return Refusal.Invalid("party-too-large", $"A party has at most {MostPerParty} people and {MostTypesPerParty} ticket types.", "lines");
        }

        if (Counting.Wanted(this, lines).Any(need => Counters[need.Key].Capacity < need.Value))
        {
            return Refusal.Conflict("party-too-large", "There are not that many tickets in all.");
        }

        if (Waiting.LiveOf(buyerId).FirstOrDefault(entry => entry.WantsTheTypesOf(lines) && StatusAt(entry, now) is not WaitlistStatus.Lapsed) is { } already)
        {
            return Refusal.Conflict("already-waiting", "You wait for these tickets already, or have an offer.") with
            {
                Details = new Dictionary<string, object?> { ["entryId"] = already.EntryId },
            };
        }

        if (LimitRefusal(buyerId, [.. lines.Concat(WaitedForBy(buyerId)).Select(line => new HeldLine(line.TicketTypeId, "", line.Quantity, 0))], now) is { } tooMany)
        {
            return tooMany;
        }

        if (!Counting.AnySoldOut(this, lines, now))
        {
            return Refusal.Conflict("tickets-free", "There are tickets left. Hold them instead.");
        }

        return Waiting.Line.Count >= MostWaiting
            || Waiting.Live.GetValueOrDefault(buyerId, []).Count >= MostEntriesPerBuyer
            || (Waiting.Lanes.Count >= MostLanes && !Waiting.Lanes.ContainsKey(Lane.KeyOf(lines)))
            ? Refusal.Conflict("waitlist-full", "No more parties can wait.")
            : new WaitlistJoined(entryId, buyerId, lines, now);
    }

    /// <summary>A party does not wait any more, or declines its offer.</summary>
    public Decision<InventoryEvent> Leave(Guid entryId, Guid buyerId, DateTimeOffset now) => Waiting.Entries.GetValueOrDefault(entryId) switch
    {
        null => EntryUnknown,
        var entry when entry.BuyerId != buyerId => EntryUnknown,
        { Status: WaitlistStatus.Waiting } => new WaitlistLeft(entryId),
        { Status: WaitlistStatus.Offered } => Release(entryId, buyerId, now),
        { Status: WaitlistStatus.Accepted } => Refusal.Conflict("already-sold", "The tickets are sold. Ask the organiser for a refund."),
        _ => Decision.Nothing,
    };

    /// <summary>
    /// Offers what is free to those who wait, and writes down which offers and entries have ended. Nothing when there is nothing to do;
    /// a bounded number at a time, so it is asked again until then.
    /// </summary>
    public Decision<InventoryEvent> Offer(DateTimeOffset now, TimeSpan offerTime)
    {
        if (Waiting.IsQuiet)
        {
            return Decision.Nothing;
        }

        if (ClosedBecause is not null)
        {
            return EndWaiting();
        }

        var happen = new List<InventoryEvent>();
        var state = AnyLapsed(now) ? LapseUntil(now) : this;
        Happen(new OffersLapsed([.. Waiting.Offers.TakeWhile(offer => offer.Until <= now).Take(MostEndedAtOnce).Select(offer => offer.OrderId)]));
        Happen(new WaitlistClosed(
            [
                .. Waiting.Lanes.Values.Where(lane => lane.Lines.Any(line => now >= SalesEnd(Stocks[line.TicketTypeId].Terms)))
                    .SelectMany(lane => lane.Places).Take(MostEndedAtOnce).Select(place => place.EntryId),
            ],
            "sales-ended"));

        foreach (var entryId in Outlook.Of(state, now).Served)
        {
            var entry = state.Waiting.Entries[entryId];
            var lines = state.Priced(state.HeldLines(entry.Lines), null, now);
            if (state.LimitRefusal(entry.BuyerId, lines, now) is { } limited)
            {
                Happen(new WaitlistClosed([entryId], limited.Code));
                continue;
            }

            var salesEnd = entry.Lines.Min(line => SalesEnd(Stocks[line.TicketTypeId].Terms));
            var until = now + offerTime < salesEnd ? now + offerTime : salesEnd;
            Happen(new TicketsHeld(entryId, entry.BuyerId, Stocks[entry.Lines[0].TicketTypeId].Terms.Currency, lines, until));
            Happen(new TicketsOffered(entryId));
        }

        return WithLapses(now, [.. happen]);

        void Happen(InventoryEvent next)
        {
            if (next is not (OffersLapsed { EntryIds.Count: 0 } or WaitlistClosed { EntryIds.Count: 0 }))
            {
                happen.Add(next);
                state = Evolve(state, next);
            }
        }
    }

    /// <summary>After the close, some at a time: who waits or has an offer gets nothing.</summary>
    public Decision<InventoryEvent> EndWaiting() => ClosedBecause is null || Waiting.IsQuiet
        ? Decision.Nothing
        : new WaitlistClosed(
            [.. Waiting.Offers.Select(offer => offer.OrderId).Concat(Waiting.Line.Select(place => place.EntryId)).Take(MostEndedAtOnce)], "event-cancelled");

    /// <summary>What an ordinary buyer may have of a type behind those who wait.</summary>
    internal int FreeFor(Guid ticketTypeId, DateTimeOffset now, Outlook? ahead) =>
        Stocks[ticketTypeId].Counters.Min(key => ahead?.FreeIn(key) ?? FreeIn(key, now));

    /// <summary>When <see cref="Offer"/> may have something to do by the clock alone; null when nobody waits. Holds of at least this length that
    /// are made from now on end later than that.</summary>
    public DateTimeOffset? NextLook(DateTimeOffset now, TimeSpan shortestHold)
    {
        if (Waiting.IsQuiet)
        {
            return null;
        }

        var waitedFor = Waiting.Lanes.Values.SelectMany(lane => lane.Lines).Select(line => Stocks[line.TicketTypeId].Terms);
        return Counters.Values.Where(counter => !counter.Holds.IsEmpty).Select(counter => counter.Holds.Min.Until)
            .Concat(Waiting.Offers.IsEmpty ? [] : [Waiting.Offers.Min.Until])
            .Concat(waitedFor.Select(SalesEnd))
            .Concat(waitedFor.Select(type => type.SalesFrom).OfType<DateTimeOffset>().Where(from => from > now))
            .Append(now + shortestHold)
            .Min();
    }

    /// <summary>How an entry stands by the clock, whether or not it is written down.</summary>
    public WaitlistStatus StatusAt(WaitlistEntry entry, DateTimeOffset now) =>
        entry.Status is WaitlistStatus.Offered && !Allotments[entry.EntryId].IsLiveAt(now) ? WaitlistStatus.Lapsed : entry.Status;

    internal DateTimeOffset SalesEnd(TicketTerms type) => type.SalesUntil ?? Terms!.EndsAt;

    private static Refusal EntryIdTaken { get; } = Refusal.Conflict("entry-id-taken", "Use a fresh id.");

    public static Refusal EntryUnknown { get; } = Refusal.NotFound("waitlist-entry-unknown", "You do not wait under this id.");

    private IEnumerable<WantedLine> WaitedForBy(Guid buyerId) =>
        Waiting.LiveOf(buyerId).Where(entry => entry.Status is WaitlistStatus.Waiting).SelectMany(entry => entry.Lines);

    private TicketInventory WithWaiting(InventoryEvent happened) => this with
    {
        Waiting = happened switch
        {
            WaitlistJoined joined => Waiting.Join(joined),
            WaitlistLeft left => Waiting.End(left.EntryId, WaitlistStatus.Left, default),
            TicketsOffered offered => Waiting.Offer(offered.EntryId, Allotments[offered.EntryId].Until),
            OffersLapsed lapsed => lapsed.EntryIds.Aggregate(Waiting, (line, id) => line.End(id, WaitlistStatus.Lapsed, Allotments[id].Until)),
            WaitlistClosed ended => ended.EntryIds.Aggregate(
                Waiting, (line, id) => line.End(id, WaitlistStatus.Closed, Allotments.TryGetValue(id, out var offer) ? offer.Until : default)),
            _ => Waiting,
        },
    };

    /// <summary>What becomes of an order that was an offer is what becomes of the offer.</summary>
    private WaitingLine WaitingAfter(Guid orderId, AllotmentStatus status)
    {
        if (!Waiting.Entries.TryGetValue(orderId, out var entry))
        {
            return Waiting;
        }

        return (entry.Status, status) switch
        {
            (WaitlistStatus.Offered or WaitlistStatus.Lapsed, AllotmentStatus.Sold) => Waiting.End(orderId, WaitlistStatus.Accepted, Allotments[orderId].Until),
            (WaitlistStatus.Offered, AllotmentStatus.Released) => Waiting.End(orderId, WaitlistStatus.Declined, Allotments[orderId].Until),
            _ => Waiting,
        };
    }
}
