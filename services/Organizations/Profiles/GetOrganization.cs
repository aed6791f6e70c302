using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Profiles;

internal static class GetOrganization
{
    public static void Map(RouteGroupBuilder organizations) => organizations.MapGet("/{organizationId:guid}", Handle).AllowAnonymous();

    private static async Task<Results<Ok<OrganizationResponse>, StatusCodeHttpResult, ProblemHttpResult>> Handle(
        Guid organizationId, Documents<Organization> organizations, HttpRequest request, HttpResponse response, CancellationToken cancellationToken)
    {
        if (await organizations.Get(Organization.IdOf(organizationId), cancellationToken) is not { } organization)
        {
            return Organization.NoSuch.ToProblem();
        }

        response.SetETag(organization.Version);
        return request.Has(organization.Version)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(OrganizationResponse.Of(organization.Body));
    }
}
