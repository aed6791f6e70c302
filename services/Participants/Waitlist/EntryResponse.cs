using EventFly.Participants.Inventory;

namespace EventFly.Participants.Waitlist;

/// <summary>One party as it sees itself.</summary>
/// <param name="Position">Among those who want a ticket of one of its types, from 1; absent unless it waits.</param>
/// <param name="PeopleAhead">In the parties before it.</param>
/// <param name="Offer">What is held for it.</param>
public sealed record EntryResponse(
    Guid EntryId, Guid EventId, WaitlistStatus Status, IReadOnlyList<WantedLine> Lines, DateTimeOffset JoinedAt, int? Position, int? PeopleAhead, OfferResponse? Offer)
{
    internal static EntryResponse Of(WaitlistEntry entry, TicketInventory inventory, DateTimeOffset now)
    {
        var status = inventory.StatusAt(entry, now);
        (int Parties, int People)? ahead = status is WaitlistStatus.Waiting ? inventory.Waiting.AheadOf(entry) : null;
        return new EntryResponse(
            entry.EntryId, inventory.Terms!.EventId, status, entry.Lines, entry.JoinedAt, ahead?.Parties + 1, ahead?.People,
            inventory.Allotments.TryGetValue(entry.EntryId, out var offer) ? new OfferResponse(entry.EntryId, offer.Amount, offer.Currency, offer.Until) : null);
    }
}

/// <param name="OrderId">To place the order under.</param>
/// <param name="Amount">In minor units.</param>
public sealed record OfferResponse(Guid OrderId, long Amount, string Currency, DateTimeOffset Until);
