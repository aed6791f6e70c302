using EventFly.BuildingBlocks.Documents;

namespace EventFly.Participants.Waitlist;

/// <summary>An event that people wait for.</summary>
/// <param name="Due">When to look for tickets that came free by the clock alone.</param>
/// <param name="Revision">Version of the inventory that this was seen at.</param>
internal sealed record WaitlistWatch(Guid EventId, DateTimeOffset Due, long Revision)
{
    public static DocumentType<WaitlistWatch> Type { get; } = new DocumentType<WaitlistWatch>("waitlists", watch => watch.EventId.ToString())
        .Time("due", watch => watch.Due)
        .Index("due");
}
