using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Organizations;
using EventFly.Contracts.Payments;
using EventFly.Organizations.Packages;

namespace EventFly.Organizations.Plans;

/// <summary>What an organisation may do and gets.</summary>
/// <param name="PackageId">Null: no package, so no limits.</param>
internal sealed record PlanTerms(
    Guid? PackageId, string PackageName, PlanLimits Limits, double BoostFactor, IReadOnlyList<string> Perks, string? FeePackage)
{
    /// <summary>A platform without a default package limits nobody.</summary>
    public static PlanTerms NoPackage { get; } = new(null, "none", new PlanLimits(), 0, [], null);

    public static PlanTerms Of(Package? package) => package is null
        ? NoPackage
        : new(
            package.PackageId, package.Terms.Name, package.Terms.Limits, package.Terms.BoostFactor, package.Terms.Perks, package.Terms.FeePackage);

    /// <summary>Lists are compared by what is in them.</summary>
    public bool SaysTheSameAs(PlanTerms other) => Perks.SequenceEqual(other.Perks) && this with { Perks = other.Perks } == other;
}

/// <summary>What payments told last of an organisation's subscription.</summary>
/// <param name="Status">active, pastDue or ended.</param>
/// <param name="Heard">Its sequence; what is older is not listened to.</param>
internal sealed record HeardSubscription(Guid PackageId, string Status, DateTimeOffset PaidUntil, long Heard)
{
    public bool Holds => Status is not "ended";
}

/// <summary>The plan of an organisation: the package it subscribed to, else the platform's default, else nothing that limits it.</summary>
/// <param name="Subscription">Null: it never had one.</param>
internal sealed record Plan(Guid OrganizationId, PlanTerms Terms, HeardSubscription? Subscription)
{
    public static DocumentType<Plan> Documents { get; } = new DocumentType<Plan>("plans", plan => IdOf(plan.OrganizationId))
        .Text("subscribedTo", plan => plan.SubscribedTo?.ToString("N"))
        .Index("subscribedTo");

    public static string IdOf(Guid organizationId) => organizationId.ToString();

    public static Plan Unknown(Guid organizationId) => new(organizationId, PlanTerms.NoPackage, null);

    /// <summary>The package that is subscribed to; null: the default counts.</summary>
    public Guid? SubscribedTo => Subscription is { Holds: true } subscription ? subscription.PackageId : null;

    public Change<Plan> Hear(SubscriptionChanged told, long sequence) => sequence <= (Subscription?.Heard ?? 0)
        ? Decision.Nothing
        : this with { Subscription = new HeardSubscription(told.PackageId, told.Status, told.PaidUntil, sequence) };

    public Change<Plan> Apply(PlanTerms terms) => terms.SaysTheSameAs(Terms)
        ? Decision.Nothing
        : Change.To(
            this with { Terms = terms },
            new PlanChanged(OrganizationId, terms.PackageId, terms.PackageName, terms.Limits, terms.BoostFactor)
            {
                Perks = terms.Perks, FeePackage = terms.FeePackage,
            });

    /// <summary>Null while one more is allowed.</summary>
    /// <param name="staff">Members and open invitations that there are, the owner not counted.</param>
    public Refusal? RefuseOneMoreStaff(int staff) => Terms.Limits.Staff is { } most && staff >= most
        ? Refusal.Conflict("plan-limit-reached", $"The package {Terms.PackageName} allows {most} staff.") with
        {
            Details = new Dictionary<string, object?> { ["limit"] = "staff", ["value"] = most, ["package"] = Terms.PackageName },
        }
        : null;
}
