using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Organizations;
using EventFly.Organizations.Profiles;

namespace EventFly.Organizations.Plans;

/// <summary>Who has it has it as it is now; a default is what everybody without a subscription has.</summary>
internal sealed class WhenPackageChanged(PlanKeeper plans, Documents<Organization> organizations) : IHandle<PackageChanged>
{
    public async Task Handle(PackageChanged message, MessageContext context, CancellationToken cancellationToken)
    {
        await plans.RenewAll(message.PackageId, cancellationToken);

        // It may have been the default until now.
        await plans.RenewAll(null, cancellationToken);
        if (!message.IsDefault)
        {
            return;
        }

        // Organisations that were made before there was anything to say about their plan.
        string? after = null;
        do
        {
            var page = await organizations.Query(new Query([], [], 200, after), cancellationToken);
            foreach (var organization in page.Items)
            {
                await plans.Renew(organization.Body.Id, cancellationToken);
            }

            after = page.Next;
        }
        while (after is not null);
    }
}
