using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Events;

namespace EventFly.Organizations.Audit;

/// <summary>Who may do what at an event is decided in events, and read here with the rest.</summary>
internal sealed class WhenEventStaffAssigned(Documents<AuditEntry> entries) : IHandle<EventStaffAssigned>
{
    public Task Handle(EventStaffAssigned message, MessageContext context, CancellationToken cancellationToken) =>
        entries.Change(
            AuditEntry.IdOf(context.Id),
            known => AuditEntry.Write(known, new AuditEntry(
                context.Id, message.OrganizationId, message.ActorId, message.IsNew ? "event-staff-assigned" : "event-staff-changed", message.StaffId, context.At,
                new Dictionary<string, string>
                {
                    ["event"] = message.EventName,
                    ["eventId"] = message.EventId.ToString(),
                    ["role"] = message.Role,
                    ["permissions"] = string.Join(", ", message.Permissions),
                })),
            cancellationToken).Stored();
}
