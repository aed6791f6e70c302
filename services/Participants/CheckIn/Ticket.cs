using System.Collections.Immutable;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Participants;

namespace EventFly.Participants.CheckIn;

internal enum TicketStatus
{
    Valid,
    Admitted,
    Void,
}

/// <summary>A scan that let somebody in.</summary>
/// <param name="At">By our clock.</param>
/// <param name="DeviceTime">By the clock of the device, where it says so.</param>
internal sealed record Admission(Guid ScanId, string Gate, DateTimeOffset At, DateTimeOffset? DeviceTime, Guid By);

/// <summary>One person's ticket.</summary>
/// <param name="Price">In minor units.</param>
/// <param name="OrderRevision">Version of the order that this was last brought in line with.</param>
/// <param name="UndoneScans">The last scans that were undone: they admit nobody when they are sent again.</param>
internal sealed record Ticket(
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
    Admission? Admission,
    ImmutableArray<Guid> UndoneScans,
    long OrderRevision)
{
    private const int RememberedScans = 20;

    public static DocumentType<Ticket> Type { get; } = new DocumentType<Ticket>("tickets", ticket => ticket.TicketId.ToString())
        .Text("buyer", ticket => ticket.BuyerId.ToString())
        .Text("event", ticket => ticket.EventId.ToString())
        .Text("name", ticket => NameKey(ticket.AttendeeName))
        .Texts("words", ticket => Words(ticket.AttendeeName))
        .Text("scan", ticket => ticket.Admission?.ScanId.ToString())
        .Texts("undone", ticket => ticket.UndoneScans.Select(scan => scan.ToString()))
        .Time("issuedAt", ticket => ticket.IssuedAt)
        .Unique("scan", ticket => ticket.Admission?.ScanId.ToString())
        .Index("buyer", "issuedAt")
        .Index("event", "name")
        .Index("scan");

    public TicketStatus Status => this switch
    {
        { IsVoid: true } => TicketStatus.Void,
        { Admission: not null } => TicketStatus.Admitted,
        _ => TicketStatus.Valid,
    };

    /// <summary>How names are compared: without regard to capitals.</summary>
    public static string NameKey(string name) => name.Trim().ToLowerInvariant();

    public Change<Ticket> Admit(Admission scan) => this switch
    {
        { Admission: { } first } when first.ScanId == scan.ScanId => Decision.Nothing,
        { IsVoid: true } => Refusal.Conflict("ticket-void", "This ticket was refunded or cancelled."),
        _ when UndoneScans.Contains(scan.ScanId) => Refusal.Conflict("scan-undone", "This scan was undone. Scan the ticket again."),
        { Admission: { } first } => Refusal.Conflict("already-admitted", "This ticket was admitted before.") with
        {
            Details = new Dictionary<string, object?> { ["admittedAt"] = first.At, ["gate"] = first.Gate, ["scanId"] = first.ScanId },
        },
        _ => Change.To(this with { Admission = scan }, new TicketCheckedIn(TicketId, EventId, scan.ScanId, scan.Gate, scan.At)),
    };

    public Change<Ticket> Undo(Guid scanId) => Admission?.ScanId == scanId
        ? this with { Admission = null, UndoneScans = [.. UndoneScans.TakeLast(RememberedScans - 1), scanId] }
        : Decision.Nothing;

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
}
