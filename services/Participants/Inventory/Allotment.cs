using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Participants.Inventory;

public enum AllotmentStatus
{
    Held,
    Lapsed,
    Released,
    Sold,
    Refused,
    Returned,
}

/// <summary>What one order has, or had, of an event.</summary>
/// <param name="Until">The hold's deadline; from this moment on it does not count.</param>
public sealed record Allotment(Guid BuyerId, string Currency, IReadOnlyList<HeldLine> Lines, DateTimeOffset Until, AllotmentStatus Status)
{
    /// <summary>In minor units.</summary>
    public long Amount => Lines.Sum(line => checked(line.UnitPrice * line.Quantity));

    public bool IsLiveAt(DateTimeOffset now) => Status is AllotmentStatus.Held && Until > now;

    internal Decision<InventoryEvent> RepeatedBy(Guid buyerId, IReadOnlyList<WantedLine> lines, DateTimeOffset now)
    {
        var same = buyerId == BuyerId
            && lines.Count == Lines.Count
            && lines.Zip(Lines).All(pair => pair.First == new WantedLine(pair.Second.TicketTypeId, pair.Second.Quantity));
        return this switch
        {
            _ when !same => Refusal.Conflict("order-id-taken", "Use a fresh order id."),
            _ when IsLiveAt(now) || Status is AllotmentStatus.Sold => Decision.Nothing,
            { Status: AllotmentStatus.Held or AllotmentStatus.Lapsed } => Refusal.Conflict("hold-expired", "The hold has ended. Use a fresh order id."),
            _ => Refusal.Conflict("order-id-taken", "Use a fresh order id."),
        };
    }
}
