using EventFly.Auth.Accounts;
using EventFly.Auth.Letters;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Events;
using EventFly.ServiceDefaults.Tokens;

namespace EventFly.Auth.Memberships;

/// <summary>The next access token says what somebody may do at the event. Whoever is new there is written to, at the address that their account has now.</summary>
internal sealed class WhenEventStaffAssigned(Documents<Account> accounts, Post post, ChangedAccess access) : IHandle<EventStaffAssigned>
{
    public async Task Handle(EventStaffAssigned message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.AccountId is not { } account)
        {
            return;
        }

        var (_, refusal) = await accounts.Change(
            Account.IdOf(account),
            current => current?.Body.Work(message.OrganizationId, new EventMembership(message.EventId, message.Permissions, message.At), Mails(message, current.Body)) ?? Decision.Nothing,
            cancellationToken);
        refusal.OrThrow($"What {account} may do at {message.EventId}");
        await access.Tell(new AccessChange(account, message.OrganizationId, message.EventId, message.Permissions, message.At), cancellationToken);
    }

    private object[] Mails(EventStaffAssigned message, Account account) =>
        message.IsNew && message.EventName.Length > 0 ? [post.Letter(Letter.AssignedToEvent(account.Email, message.EventName))] : [];
}
