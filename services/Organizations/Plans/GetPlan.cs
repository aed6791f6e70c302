using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Organizations;
using EventFly.Organizations.Profiles;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Plans;

/// <summary>What the organisation has by its plan, for whoever works for it.</summary>
internal static class GetPlan
{
    /// <param name="PackageId">Absent: no package, so no limits.</param>
    /// <param name="Limits">What is missing has no limit.</param>
    /// <param name="Status">Of the subscription: active, pastDue or ended. Absent: there never was one.</param>
    public sealed record Response(
        Guid OrganizationId, Guid? PackageId, string PackageName, PlanLimits Limits, double BoostFactor, IReadOnlyList<string> Perks, string? Status,
        DateTimeOffset? PaidUntil);

    public static void Map(RouteGroupBuilder organizations) =>
        organizations.MapGet("/{organizationId:guid}/plan", Handle).RequireOrganizerOrStaff().WithName("GetPlan");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid organizationId, CurrentUser user, PlanKeeper plans, HttpResponse http, CancellationToken cancellationToken)
    {
        if (!user.ActsFor(organizationId))
        {
            return Organization.NoSuch.ToProblem();
        }

        http.Headers.CacheControl = "private, no-store";
        var plan = await plans.Of(organizationId, cancellationToken);
        return TypedResults.Ok(new Response(
            organizationId, plan.Terms.PackageId, plan.Terms.PackageName, plan.Terms.Limits, plan.Terms.BoostFactor, plan.Terms.Perks,
            plan.Subscription?.Status, plan.Subscription?.PaidUntil));
    }
}
