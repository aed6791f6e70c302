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
    /// <summary>Of the code that was named; null for none.</summary>
    public string? CodeHash { get; init; }

    /// <summary>The code that was named, and how many of the tickets are uses of it.</summary>
    public (Guid? CodeId, int Uses) CodeUses
    {
        get
        {
            var (codeId, uses) = ((Guid?)null, 0);
            foreach (var line in Lines)
            {
                if (line.CodeId is { } used)
                {
                    (codeId, uses) = (used, uses + line.Quantity);
                }
            }

            return (codeId, uses);
        }
    }

    /// <summary>In minor units.</summary>
    public long Amount => Lines.Sum(line => checked(line.UnitPrice * line.Quantity));

    public IReadOnlyList<WantedLine> Wanted => [.. Lines.Select(line => new WantedLine(line.TicketTypeId, line.Quantity))];

    public bool IsLiveAt(DateTimeOffset now) => Status is AllotmentStatus.Held && Until > now;

    internal Decision<InventoryEvent> RepeatedBy(Guid buyerId, IReadOnlyList<WantedLine> lines, string? codeHash, DateTimeOffset now)
    {
        var same = buyerId == BuyerId
            && codeHash == CodeHash
            && lines.SequenceEqual(Counting.ByType(Lines).Select(type => new WantedLine(type.TicketTypeId, type.Quantity)));
        return this switch
        {
            _ when !same => Refusal.Conflict("order-id-taken", "Use a fresh order id."),
            _ when IsLiveAt(now) || Status is AllotmentStatus.Sold => Decision.Nothing,
            { Status: AllotmentStatus.Held or AllotmentStatus.Lapsed } => Refusal.Conflict("hold-expired", "The hold has ended. Use a fresh order id."),
            _ => Refusal.Conflict("order-id-taken", "Use a fresh order id."),
        };
    }
}
