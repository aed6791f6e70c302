namespace EventFly.Contracts.Organizations;

/// <summary>What an organisation may do by its plan is something else now. Carries the whole of it; the highest sequence counts.</summary>
/// <param name="PackageId">Null: no package, so no limits.</param>
[Contract("organizations", "PlanChanged")]
public sealed record PlanChanged(Guid OrganizationId, Guid? PackageId, string PackageName, PlanLimits Limits, double BoostFactor)
{
    public IReadOnlyList<string> Perks { get; init; } = [];

    /// <summary>By which schedule the platform takes its share of what is sold. Null: the standard one.</summary>
    public string? FeePackage { get; init; }
}
