using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Packages;

/// <summary>One package, also one that is withdrawn: somebody may have it.</summary>
internal static class GetPackage
{
    public static void Map(RouteGroupBuilder packages) => packages.MapGet("/{packageId:guid}", Handle).AllowAnonymous().WithName("GetPackage");

    private static async Task<Results<Ok<PackageResponse>, ProblemHttpResult>> Handle(
        Guid packageId, Documents<Package> packages, HttpResponse http, CancellationToken cancellationToken)
    {
        if (await packages.Get(Package.IdOf(packageId), cancellationToken) is not { } package)
        {
            return Package.NoSuch.ToProblem();
        }

        http.SetETag(package.Version);
        return TypedResults.Ok(PackageResponse.Of(package.Body));
    }
}
