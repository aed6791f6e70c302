using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Organizations;

namespace EventFly.Organizations.Plans;

/// <summary>A new organisation has the platform's default package.</summary>
internal sealed class WhenOrganizationCreated(PlanKeeper plans) : IHandle<OrganizationCreated>
{
    public Task Handle(OrganizationCreated message, MessageContext context, CancellationToken cancellationToken) =>
        plans.Renew(message.OrganizationId, cancellationToken);
}
