using EventFly.Contracts.Organizations;

namespace EventFly.Organizations.Packages;

/// <summary>A package as everybody sees it.</summary>
/// <param name="Price">For one period, in minor units; 0 is free.</param>
/// <param name="Limits">What is missing has no limit.</param>
internal sealed record PackageResponse(
    Guid PackageId, string Name, string? Description, long Price, string Currency, PackagePeriod Period, PlanLimits Limits, double BoostFactor,
    IReadOnlyList<string> Perks, string? Color, string? FeePackage, bool IsOffered, bool IsDefault)
{
    public static PackageResponse Of(Package package) => new(
        package.PackageId, package.Terms.Name, package.Terms.Description, package.Terms.Price, package.Terms.Currency, package.Terms.Period,
        package.Terms.Limits, package.Terms.BoostFactor, package.Terms.Perks, package.Terms.Color, package.Terms.FeePackage, package.IsOffered,
        package.IsDefault);
}
