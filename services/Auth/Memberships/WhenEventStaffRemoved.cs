using EventFly.Auth.Accounts;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Events;
using EventFly.ServiceDefaults.Tokens;

namespace EventFly.Auth.Memberships;

internal sealed class WhenEventStaffRemoved(Documents<Account> accounts, ChangedAccess access) : IHandle<EventStaffRemoved>
{
    public async Task Handle(EventStaffRemoved message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.AccountId is not { } account)
        {
            return;
        }

        var (_, refusal) = await accounts.Change(
            Account.IdOf(account),
            current => current?.Body.Work(message.OrganizationId, new EventMembership(message.EventId, [], message.At)) ?? Decision.Nothing,
            cancellationToken);
        refusal.OrThrow($"That {account} does not work at {message.EventId}");
        await access.Tell(new AccessChange(account, message.OrganizationId, message.EventId, [], message.At), cancellationToken);
    }
}
