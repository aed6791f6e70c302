using EventFly.BuildingBlocks.Documents;
using EventFly.Participants.Tickets;

namespace EventFly.Participants.Doors;

/// <summary>What a code that was scanned turns out to be.</summary>
/// <param name="Fault">Stable code of what is wrong with it, or null.</param>
/// <param name="Ticket">Null for a fault, and for a ticket that is not here yet.</param>
internal readonly record struct ReadCode(string? Fault, TicketCode? Code, Document<Ticket>? Ticket)
{
    public static async Task<ReadCode> Of(string text, Guid eventId, Documents<Ticket> tickets, TicketSigner signer, CancellationToken cancellationToken)
    {
        text = text.Trim();
        if (!TicketCode.TryRead(text, out var code, out var signed, out var signature))
        {
            return new("code-unreadable", null, null);
        }

        // The very code that stands in the ticket is the one that was made here: no signature has to be checked, which costs more than all the rest.
        var ticket = await tickets.Get(code.TicketId.ToString(), cancellationToken);
        if (!text.Equals(ticket?.Body.Code, StringComparison.OrdinalIgnoreCase) && !signer.IsOurs(code, signed, signature))
        {
            return new("code-forged", null, null);
        }

        return code.EventId != eventId ? new("code-of-other-event", null, null) : new(null, code, ticket);
    }
}
