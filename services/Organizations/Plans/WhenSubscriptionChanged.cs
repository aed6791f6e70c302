using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Payments;

namespace EventFly.Organizations.Plans;

/// <summary>What was paid for holds, what has ended does not. Older news than the last changes nothing.</summary>
internal sealed class WhenSubscriptionChanged(PlanKeeper plans) : IHandle<SubscriptionChanged>
{
    public Task Handle(SubscriptionChanged message, MessageContext context, CancellationToken cancellationToken) =>
        plans.Hear(message, context.Sequence, cancellationToken);
}
