using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Organizations;

namespace EventFly.Organizations.Packages;

/// <summary>How often it is paid.</summary>
public enum PackagePeriod
{
    Month,
    Year,
}

/// <summary>What one gets and what it costs.</summary>
/// <param name="Price">For one period, in minor units.</param>
/// <param name="BoostFactor">How much the events of its organisations are put forward, 0 to 10.</param>
/// <param name="Color">#rrggbb, for whoever shows it.</param>
/// <param name="FeePackage">The platform's fee schedule for what is sold. Null: the standard one.</param>
internal sealed record PackageTerms(
    string Name, string? Description, long Price, string Currency, PackagePeriod Period, PlanLimits Limits, double BoostFactor,
    IReadOnlyList<string> Perks, string? Color, string? FeePackage)
{
    /// <summary>Lists are compared by what is in them.</summary>
    public bool SaysTheSameAs(PackageTerms other) => Perks.SequenceEqual(other.Perks) && this with { Perks = other.Perks } == other;
}

/// <summary>What the platform offers to organisations. It is never deleted, for somebody may have it; it is withdrawn.</summary>
/// <param name="IsOffered">Whether one may subscribe to it. Who has it keeps it.</param>
/// <param name="IsDefault">Organisations without a subscription have it. At most one package is it.</param>
internal sealed record Package(Guid PackageId, PackageTerms Terms, bool IsOffered, bool IsDefault, DateTimeOffset CreatedAt)
{
    public static DocumentType<Package> Documents { get; } = new DocumentType<Package>("packages", package => IdOf(package.PackageId))
        .Boolean("isOffered", package => package.IsOffered)
        .Boolean("isDefault", package => package.IsDefault)
        .Integer("price", package => package.Terms.Price)
        .Index("isOffered", "price")
        .Index("price")
        .Unique("name", package => package.Terms.Name.ToUpperInvariant())
        .Unique("default", package => package.IsDefault ? "default" : null);

    public static Refusal NoSuch => Refusal.NotFound("package-not-found", "There is no such package.");

    public static string IdOf(Guid packageId) => packageId.ToString("N");

    public Change<Package> Announced() => Change.To(this, new PackageChanged(
        PackageId, Terms.Name, Terms.Price, Terms.Currency, Terms.Period is PackagePeriod.Year ? "year" : "month", Terms.Limits, Terms.BoostFactor, IsOffered)
    {
        IsDefault = IsDefault,
        Perks = Terms.Perks,
        FeePackage = Terms.FeePackage,
    });

    /// <summary>Nobody new gets it.</summary>
    public Change<Package> Withdraw() => IsOffered || IsDefault ? (this with { IsOffered = false, IsDefault = false }).Announced() : Decision.Nothing;
}
