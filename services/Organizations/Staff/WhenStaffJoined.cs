using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Auth;

namespace EventFly.Organizations.Staff;

/// <summary>Whoever accepted works here from now on, with the role that they were invited to or have been given since.</summary>
internal sealed class WhenStaffJoined(ChangeTeam teams, TimeProvider clock) : IHandle<StaffJoined>
{
    public async Task Handle(StaffJoined message, MessageContext context, CancellationToken cancellationToken)
    {
        var (_, refusal) = await teams.Do(
            message.OrganizationId, (team, _) => team.Join(message.StaffId, message.AccountId, clock.GetUtcNow()), cancellationToken);
        if (refusal is not null)
        {
            throw new InvalidOperationException($"The staff member {message.StaffId} of {message.OrganizationId} could not join: {refusal.Code}.");
        }
    }
}
