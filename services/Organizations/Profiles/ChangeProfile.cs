using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Profiles;

internal static class ChangeProfile
{
    public static void Map(RouteGroupBuilder organizations) =>
        organizations.MapPut("/{organizationId:guid}/profile", Handle).RequireOrganizerOrStaff();

    private static async Task<Results<Ok<OrganizationResponse>, ProblemHttpResult>> Handle(
        Guid organizationId, ProfileRequest request, IfMatch ifMatch, CurrentUser user, Documents<Organization> organizations, TimeProvider clock, HttpResponse response,
        CancellationToken cancellationToken)
    {
        var (profile, malformed) = request.Read();
        if (malformed is not null)
        {
            return malformed.ToProblem();
        }

        var (organization, refusal) = await organizations.Change(
            Organization.IdOf(organizationId),
            current => current is null || !current.Body.MayBeChangedBy(user) ? Organization.NoSuch
                : ifMatch.Refuse(current.Version) is { } stale ? stale
                : current.Body.ChangeProfile(profile!, user.Id, clock.GetUtcNow()),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        response.SetETag(organization!.Version);
        return TypedResults.Ok(OrganizationResponse.Of(organization.Body));
    }
}
