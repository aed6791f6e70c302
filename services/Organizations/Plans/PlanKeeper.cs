using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Payments;
using EventFly.Organizations.Packages;

namespace EventFly.Organizations.Plans;

/// <summary>Keeps each organisation's plan what its subscription and the packages make it. Everything here may be done again at any time.</summary>
internal sealed class PlanKeeper(Documents<Plan> plans, Documents<Package> packages)
{
    private const int MostTries = 20;

    private static readonly Refusal Moved = Refusal.Conflict("plan-moved", "The plan was changed meanwhile.");

    public async Task<Plan> Of(Guid organizationId, CancellationToken cancellationToken) =>
        (await plans.Get(Plan.IdOf(organizationId), cancellationToken))?.Body
        ?? Plan.Unknown(organizationId) with { Terms = PlanTerms.Of(await Effective(null, cancellationToken)) };

    public async Task Hear(SubscriptionChanged told, long sequence, CancellationToken cancellationToken)
    {
        var (_, refusal) = await plans.Change(
            Plan.IdOf(told.OrganizationId), known => (known?.Body ?? Plan.Unknown(told.OrganizationId)).Hear(told, sequence), cancellationToken);
        OrThrow(told.OrganizationId, refusal);
        await Renew(told.OrganizationId, cancellationToken);
    }

    /// <summary>The package is read after the plan and the plan has not moved when it is written, so an older package never wins over a newer one.</summary>
    public async Task Renew(Guid organizationId, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var known = await plans.Get(Plan.IdOf(organizationId), cancellationToken);
            var terms = PlanTerms.Of(await Effective(known?.Body.SubscribedTo, cancellationToken));
            var (_, refusal) = await plans.Change(
                Plan.IdOf(organizationId),
                current => current?.Version == known?.Version ? (current?.Body ?? Plan.Unknown(organizationId)).Apply(terms) : Moved,
                cancellationToken);
            if (refusal?.Code == Moved.Code && tries < MostTries)
            {
                continue;
            }

            OrThrow(organizationId, refusal);
            return;
        }
    }

    /// <summary>The plans of all that subscribed to a package; null: of all that did not subscribe.</summary>
    public async Task RenewAll(Guid? subscribedTo, CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            var page = await plans.Query(
                new Query([new Where.Eq("subscribedTo", subscribedTo?.ToString("N"))], [], 200, after), cancellationToken);
            foreach (var plan in page.Items)
            {
                await Renew(plan.Body.OrganizationId, cancellationToken);
            }

            after = page.Next;
        }
        while (after is not null);
    }

    private async Task<Package?> Effective(Guid? subscribedTo, CancellationToken cancellationToken)
    {
        if (subscribedTo is { } packageId)
        {
            return (await packages.Get(Package.IdOf(packageId), cancellationToken))?.Body
                ?? throw new InvalidOperationException($"The package {packageId} that somebody subscribed to is not here.");
        }

        return (await packages.Query(new Query([new Where.Eq("isDefault", true)], [], 1), cancellationToken)).Items is [var found] ? found.Body : null;
    }

    private static void OrThrow(Guid organizationId, Refusal? refusal)
    {
        if (refusal is not null)
        {
            throw new InvalidOperationException($"The plan of {organizationId} was not stored: {refusal.Code}");
        }
    }
}
