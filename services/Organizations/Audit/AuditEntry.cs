using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Organizations;

namespace EventFly.Organizations.Audit;

/// <summary>
/// One change that somebody made. Written once and never again. It names people by id only: who that is, is looked up when it is read, so that nothing here
/// has to be rewritten when somebody's data are deleted.
/// </summary>
/// <param name="SubjectId">The role, the staff id, the event.</param>
/// <param name="Details">What else there is to know. No secrets, no addresses.</param>
internal sealed record AuditEntry(
    Guid EntryId, Guid OrganizationId, Guid? ActorId, string Kind, Guid? SubjectId, DateTimeOffset At, IReadOnlyDictionary<string, string> Details)
{
    public static DocumentType<AuditEntry> Documents { get; } = new DocumentType<AuditEntry>("audit", entry => IdOf(entry.EntryId))
        .Text("organization", entry => entry.OrganizationId.ToString())
        .Text("actor", entry => entry.ActorId?.ToString())
        .Text("kind", entry => entry.Kind)
        .Time("at", entry => entry.At)
        .Index("organization", "at")
        .Index("organization", "actor", "at")
        .Index("organization", "kind", "at");

    public static string IdOf(Guid entryId) => entryId.ToString();

    public static AuditEntry Of(AuditRecorded said) =>
        new(said.EntryId, said.OrganizationId, said.ActorId, said.Kind, said.SubjectId, said.At, said.Details);

    public static Change<AuditEntry> Write(Document<AuditEntry>? known, AuditEntry entry) => known is null ? entry : Decision.Nothing;
}
