using System.Globalization;
using EventFly.BuildingBlocks.Documents;
using EventFly.Participants.Scans;

namespace EventFly.Participants.Tickets;

internal enum TicketStatus
{
    Valid,
    Admitted,
    Void,
}

/// <summary>One person's ticket.</summary>
/// <param name="Price">In minor units.</param>
/// <param name="OrderRevision">Version of the order that this was last brought in line with.</param>
internal sealed partial record Ticket(
    Guid TicketId,
    Guid OrderId,
    Guid EventId,
    Guid OrganizationId,
    Guid BuyerId,
    Guid TicketTypeId,
    string TicketTypeName,
    long Price,
    string Currency,
    string AttendeeName,
    string AttendeeEmail,
    int CodeVersion,
    string Code,
    bool IsVoid,
    DateTimeOffset IssuedAt,
    long OrderRevision)
{
    public static DocumentType<Ticket> Type { get; } = new DocumentType<Ticket>("tickets", ticket => ticket.TicketId.ToString())
        .Text("buyer", ticket => ticket.BuyerId.ToString())
        .Text("event", ticket => ticket.EventId.ToString())
        .Text("name", ticket => NameKey(ticket.AttendeeName))
        .Texts("words", ticket => Words(ticket.AttendeeName))
        .Text("order", ticket => ticket.OrderId.ToString())
        .Time("issuedAt", ticket => ticket.IssuedAt)
        .Text("holder", ticket => ticket.HolderId?.ToString())
        .Text("transfer", ticket => ticket.TransferHash)
        .Index("buyer", "issuedAt")
        .Index("holder", "issuedAt")
        .Index("transfer")
        .Index("event", "name")
        .Index("order");

    public TicketStatus StatusAt(TicketAtDoor? door) => this switch
    {
        { IsVoid: true } => TicketStatus.Void,
        _ when door is { First: not null } => TicketStatus.Admitted,
        _ => TicketStatus.Valid,
    };

    /// <param name="version">The document's.</param>
    public TicketFacts ForDoors(long version) => new(TicketId, TicketTypeId, Initials(AttendeeName), CodeVersion, IsVoid, version);

    /// <summary>How names are compared: without regard to capitals.</summary>
    public static string NameKey(string name) => name.Trim().ToLowerInvariant();

    /// <summary>The whole name and each rest of it that begins with a word, so that any of its words can be looked for.</summary>
    private static IEnumerable<string> Words(string name)
    {
        var key = NameKey(name);
        yield return key;
        for (var index = 1; index < key.Length; index++)
        {
            if (key[index - 1] == ' ' && key[index] != ' ')
            {
                yield return key[index..];
            }
        }
    }

    private static string Initials(string name) => string.Concat(
        name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(3).Select(word => StringInfo.GetNextTextElement(word))).ToUpperInvariant();
}
