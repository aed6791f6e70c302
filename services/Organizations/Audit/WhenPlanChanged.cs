using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Organizations;

namespace EventFly.Organizations.Audit;

internal sealed class WhenPlanChanged(Documents<AuditEntry> entries) : IHandle<PlanChanged>
{
    public Task Handle(PlanChanged message, MessageContext context, CancellationToken cancellationToken) =>
        entries.Change(
            AuditEntry.IdOf(context.Id),
            known => AuditEntry.Write(known, new AuditEntry(
                context.Id, message.OrganizationId, null, "plan-changed", message.PackageId, context.At,
                new Dictionary<string, string> { ["package"] = message.PackageName })),
            cancellationToken).Stored();
}
