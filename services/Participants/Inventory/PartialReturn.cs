using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Participants.Inventory;

/// <summary>An order does without some of its tickets; they are free again.</summary>
public sealed record TicketsReturned(Guid OrderId, IReadOnlyList<TicketCount> Lines) : InventoryEvent;

/// <summary>Tickets of one type that were sold at one price.</summary>
/// <param name="UnitPrice">In minor units.</param>
public readonly record struct TicketCount(Guid TicketTypeId, long UnitPrice, int Quantity);

internal static class PartialReturn
{
    /// <summary>
    /// What an order has beyond the tickets that it keeps goes back, whether it is held, has lapsed or is sold. Keeping only ever falls, so this may be
    /// said twice, late and in any order.
    /// </summary>
    /// <param name="kept">What is not named is not kept.</param>
    public static Decision<InventoryEvent> Keep(this TicketInventory inventory, Guid orderId, IReadOnlyList<TicketCount> kept)
    {
        if (inventory.Allotments.GetValueOrDefault(orderId) is not { Status: AllotmentStatus.Held or AllotmentStatus.Lapsed or AllotmentStatus.Sold } allotment)
        {
            return Decision.Nothing;
        }

        TicketCount[] beyond =
        [
            .. allotment.Lines.GroupBy(line => (line.TicketTypeId, line.UnitPrice))
                .Select(same => new TicketCount(
                    same.Key.TicketTypeId, same.Key.UnitPrice,
                    same.Sum(line => line.Quantity)
                        - kept.Where(line => (line.TicketTypeId, line.UnitPrice) == same.Key).Sum(line => line.Quantity)))
                .Where(line => line.Quantity > 0),
        ];
        return beyond.Length == 0 ? Decision.Nothing : new TicketsReturned(orderId, beyond);
    }

    public static Allotment Without(this Allotment allotment, IReadOnlyList<TicketCount> lines)
    {
        var rest = allotment.Lines.ToList();
        foreach (var (ticketTypeId, unitPrice, quantity) in lines)
        {
            var left = quantity;
            for (var index = rest.Count - 1; index >= 0 && left > 0; index--)
            {
                if (rest[index].TicketTypeId == ticketTypeId && rest[index].UnitPrice == unitPrice)
                {
                    var goes = Math.Min(left, rest[index].Quantity);
                    rest[index] = rest[index] with { Quantity = rest[index].Quantity - goes };
                    left -= goes;
                }
            }
        }

        return allotment with { Lines = [.. rest.Where(line => line.Quantity > 0)] };
    }
}
