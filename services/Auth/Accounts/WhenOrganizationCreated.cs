using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Organizations;

namespace EventFly.Auth.Accounts;

/// <summary>The owner's next access token carries the organisation and every permission.</summary>
internal sealed class WhenOrganizationCreated(Documents<Account> accounts) : IHandle<OrganizationCreated>
{
    public async Task Handle(OrganizationCreated message, MessageContext context, CancellationToken cancellationToken)
    {
        var (_, refusal) = await accounts.Change(
            Account.IdOf(message.OwnerId),
            current => current?.Body.Own(message.OrganizationId, context.At)
                ?? throw new InvalidOperationException($"The owner {message.OwnerId} of the organisation {message.OrganizationId} has no account here."),
            cancellationToken);
        if (refusal is not null)
        {
            throw new InvalidOperationException($"The membership in {message.OrganizationId} was not stored: {refusal.Code}.");
        }
    }
}
