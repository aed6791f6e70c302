using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Participants.Orders;

/// <summary>What a buyer holds, ready to be ordered.</summary>
public sealed record Offer(
    Guid OrderId,
    Guid EventId,
    Guid OrganizationId,
    Guid BuyerId,
    string EventName,
    DateTimeOffset EventStartsAt,
    string Currency,
    IReadOnlyList<OfferedLine> Lines,
    DateTimeOffset PayBy)
{
    public long Amount => Lines.Sum(line => checked(line.UnitPrice * line.Quantity));

    /// <summary>The held tickets with their attendees' names on, in the attendees' order; null when they do not match one for one.</summary>
    internal IReadOnlyList<OrderedTicket>? Name(IReadOnlyList<Attendee> attendees)
    {
        // A type stands in several lines where its tickets have several prices: the first attendee gets the first.
        var nameless = Lines.Select(line => line.Quantity).ToArray();
        var tickets = new List<OrderedTicket>(attendees.Count);
        foreach (var attendee in attendees)
        {
            var index = 0;
            while (index < nameless.Length && (nameless[index] == 0 || Lines[index].TicketTypeId != attendee.TicketTypeId))
            {
                index++;
            }

            if (index == nameless.Length)
            {
                return null;
            }

            nameless[index]--;
            var line = Lines[index];
            tickets.Add(new OrderedTicket(
                DerivedId.From(OrderId, "ticket", tickets.Count), line.TicketTypeId, line.TicketTypeName, line.UnitPrice, attendee.Name.Trim(), attendee.Email.Trim())
            {
                Answers = attendee.Answers,
            });
        }

        return nameless.All(left => left == 0) ? tickets : null;
    }
}

/// <param name="UnitPrice">In minor units.</param>
public sealed record OfferedLine(Guid TicketTypeId, string TicketTypeName, int Quantity, long UnitPrice);
