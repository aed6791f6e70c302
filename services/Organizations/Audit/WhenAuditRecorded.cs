using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Organizations;

namespace EventFly.Organizations.Audit;

/// <summary>What was announced in the commit of the change becomes an entry that can be found.</summary>
internal sealed class WhenAuditRecorded(Documents<AuditEntry> entries) : IHandle<AuditRecorded>
{
    public Task Handle(AuditRecorded message, MessageContext context, CancellationToken cancellationToken) =>
        entries.Change(AuditEntry.IdOf(message.EntryId), known => AuditEntry.Write(known, AuditEntry.Of(message)), cancellationToken).Stored();
}
