using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Profiles;

internal static class CreateOrganization
{
    // PUT, because the organiser's app picks the id: sending it again changes nothing.
    public static void Map(RouteGroupBuilder organizations) => organizations.MapPut("/{organizationId:guid}", Handle).RequireOrganizer();

    private static async Task<Results<Created<OrganizationResponse>, Ok<OrganizationResponse>, ProblemHttpResult>> Handle(
        Guid organizationId, ProfileRequest request, CurrentUser user, Documents<Organization> organizations, TimeProvider clock, HttpResponse response,
        CancellationToken cancellationToken)
    {
        var (profile, malformed) = request.Read();
        if (malformed is not null)
        {
            return malformed.ToProblem();
        }

        var isNew = false;
        var (organization, refusal) = await organizations.Change(
            Organization.IdOf(organizationId),
            existing =>
            {
                isNew = existing is null;
                return Organization.Create(existing?.Body, organizationId, user.Id, profile!, clock.GetUtcNow());
            },
            cancellationToken);
        if (refusal is not null)
        {
            return (refusal.Code == "owner-taken" ? AlreadyOwner : refusal).ToProblem();
        }

        response.SetETag(organization!.Version);
        var view = OrganizationResponse.Of(organization.Body);
        return isNew ? TypedResults.Created($"/api/organizations/{organizationId}", view) : TypedResults.Ok(view);
    }

    private static Refusal AlreadyOwner => Refusal.Conflict("already-owner", "You own an organisation already: see GET /api/organizations/mine.");
}
