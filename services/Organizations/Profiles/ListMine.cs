using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;

namespace EventFly.Organizations.Profiles;

/// <summary>The organisation that the caller owns, and the one that their token acts for: for now at most one each, and mostly the same.</summary>
internal static class ListMine
{
    public sealed record Response(IReadOnlyList<OrganizationResponse> Items);

    public static void Map(RouteGroupBuilder organizations) => organizations.MapGet("/mine", Handle).RequireOrganizerOrStaff();

    private static async Task<Response> Handle(CurrentUser user, Documents<Organization> organizations, CancellationToken cancellationToken)
    {
        var owned = await organizations.Query(new Query([new Where.Eq("owner", user.Id.ToString())], []), cancellationToken);
        var mine = owned.Items.ToList();
        if (user.OrganizationId is { } id
            && mine.TrueForAll(organization => organization.Body.Id != id)
            && await organizations.Get(Organization.IdOf(id), cancellationToken) is { } actedFor)
        {
            mine.Add(actedFor);
        }

        return new Response([.. mine.Select(organization => OrganizationResponse.Of(organization.Body))]);
    }
}
