using EventFly.Auth.Accounts;
using EventFly.Auth.Invitations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Organizations;
using EventFly.ServiceDefaults.Tokens;

namespace EventFly.Auth.Memberships;

/// <summary>
/// The next access token says what somebody may do now; for those that are out it is told once more, should organizations have died before it could. Whoever
/// has not accepted yet will hold it when they do.
/// </summary>
internal sealed class WhenStaffAccessChanged(Documents<Account> accounts, Documents<Invitation> invitations, ChangedAccess access) : IHandle<StaffAccessChanged>
{
    public async Task Handle(StaffAccessChanged message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.AccountId is not { } account)
        {
            var (_, notInvited) = await invitations.Change(
                Invitation.IdOf(message.StaffId), current => Invitation.Of(current?.Body, message.StaffId, message.OrganizationId).TakeAccess(message), cancellationToken);
            notInvited.OrThrow($"What the invited {message.StaffId} will hold");
            return;
        }

        // Somebody without an account deleted it: nothing holds for them.
        var (_, refusal) = await accounts.Change(Account.IdOf(account), current => current?.Body.TakeAccess(message) ?? Decision.Nothing, cancellationToken);
        refusal.OrThrow($"The membership of {account} in {message.OrganizationId}");
        await access.Tell(new AccessChange(account, message.OrganizationId, null, message.Permissions, message.At), cancellationToken);
    }
}
