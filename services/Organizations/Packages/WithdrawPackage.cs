using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Packages;

/// <summary>Nobody can subscribe to it any more, and it is no default. Who has it keeps it.</summary>
internal static class WithdrawPackage
{
    public static void Map(RouteGroupBuilder packages) =>
        packages.MapDelete("/{packageId:guid}", Handle).RequirePlatformAdmin().WithName("WithdrawPackage");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid packageId, Documents<Package> packages, CancellationToken cancellationToken)
    {
        var (_, refusal) = await packages.Change(
            Package.IdOf(packageId), known => known is null ? Package.NoSuch : known.Body.Withdraw(), cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
