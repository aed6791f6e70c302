using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Organizations;

namespace EventFly.Organizations.Staff;

/// <summary>Finishes a hand-over whose request died after the organisation had its new owner.</summary>
internal sealed class WhenOwnerChanged(ChangeTeam teams, TimeProvider clock) : IHandle<OwnerChanged>
{
    public async Task Handle(OwnerChanged message, MessageContext context, CancellationToken cancellationToken)
    {
        var (_, refusal) = await teams.Do(
            message.OrganizationId,
            (team, organization) => organization.OwnerId == message.NewOwnerId
                ? team.HandOver(message.NewOwnerId, clock.GetUtcNow())
                : BuildingBlocks.Decisions.Decision.Nothing,
            cancellationToken);
        if (refusal is not null)
        {
            throw new InvalidOperationException($"The hand-over of {message.OrganizationId} was not stored: {refusal.Code}.");
        }
    }
}
