using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Events;

namespace EventFly.Organizations.Audit;

internal sealed class WhenEventStaffRemoved(Documents<AuditEntry> entries) : IHandle<EventStaffRemoved>
{
    public Task Handle(EventStaffRemoved message, MessageContext context, CancellationToken cancellationToken) =>
        entries.Change(
            AuditEntry.IdOf(context.Id),
            known => AuditEntry.Write(known, new AuditEntry(
                context.Id, message.OrganizationId, message.ActorId, "event-staff-removed", message.StaffId, context.At,
                new Dictionary<string, string> { ["eventId"] = message.EventId.ToString() })),
            cancellationToken).Stored();
}
