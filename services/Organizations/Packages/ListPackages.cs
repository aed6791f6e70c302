using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;

namespace EventFly.Organizations.Packages;

/// <summary>What one can subscribe to, the cheapest first. Those who run the platform may ask for all of them.</summary>
internal static class ListPackages
{
    public static void Map(RouteGroupBuilder packages) => packages.MapGet("/", Handle).AllowAnonymous().WithName("ListPackages");

    private static async Task<Page<PackageResponse>> Handle(
        bool? all, [AsParameters] PageQuery page, CurrentUser? user, Documents<Package> packages, CancellationToken cancellationToken)
    {
        Where[] wanted = all is true && user?.IsPlatformAdmin is true ? [] : [new Where.Eq("isOffered", true)];
        var found = await packages.Query(page.ToQuery(wanted, new SortBy("price")), cancellationToken);
        return new Page<PackageResponse>([.. found.Items.Select(package => PackageResponse.Of(package.Body))], found.Next);
    }
}
