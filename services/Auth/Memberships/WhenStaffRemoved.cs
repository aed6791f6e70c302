using EventFly.Auth.Accounts;
using EventFly.Auth.ApiKeys;
using EventFly.Auth.Invitations;
using EventFly.Auth.Sessions;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Organizations;
using EventFly.ServiceDefaults.Tokens;

namespace EventFly.Auth.Memberships;

/// <summary>
/// Whoever is removed is out: the membership goes, sessions that act for the organisation end, and so do the API keys that they made for it. An invitation
/// that was not accepted opens nothing any more.
/// </summary>
internal sealed class WhenStaffRemoved(
    Documents<Account> accounts, Documents<Invitation> invitations, EndSessions sessions, RevokeKeys keys, ChangedAccess access) : IHandle<StaffRemoved>
{
    public async Task Handle(StaffRemoved message, MessageContext context, CancellationToken cancellationToken)
    {
        var (_, notEnded) = await invitations.Change(
            Invitation.IdOf(message.StaffId), current => Invitation.Of(current?.Body, message.StaffId, message.OrganizationId).End(), cancellationToken);
        notEnded.OrThrow($"The end of the invitation {message.StaffId}");
        if (message.AccountId is not { } account)
        {
            return;
        }

        var (stored, refusal) = await accounts.Change(Account.IdOf(account), current => current?.Body.Leave(message) ?? Decision.Nothing, cancellationToken);
        refusal.OrThrow($"The end of {account}'s membership in {message.OrganizationId}");
        if (stored?.Body.MembershipIn(message.OrganizationId) is not null)
        {
            // They came back since; this is old news.
            return;
        }

        await access.Tell(new AccessChange(account, message.OrganizationId, null, null, message.At), cancellationToken);
        await sessions.ActingFor(account, message.OrganizationId, cancellationToken);
        await keys.MadeBy(account, message.OrganizationId, cancellationToken);
    }
}
