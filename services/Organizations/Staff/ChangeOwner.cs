using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Organizations.Profiles;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Staff;

/// <summary>The owner hands the organisation to somebody who works there, and goes on as manager.</summary>
internal static class ChangeOwner
{
    public sealed record Request(Guid StaffId);

    public static void Map(RouteGroupBuilder organization) =>
        organization.MapPut("/owner", Handle).RequireOrganizerOrStaff().WithSummary("Hand the organisation over");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid organizationId, Request request, CurrentUser user, ChangeTeam teams, Documents<Organization> organizations, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (await teams.Read(user, organizationId, cancellationToken) is not { } team)
        {
            return Organization.NoSuch.ToProblem();
        }

        if (team.Find(request.StaffId) is not { State: MemberState.Active, AccountId: { } heir })
        {
            return (Team.NoSuchMember with { Kind = RefusalKind.Unprocessable, Message = "Only somebody who works here can own it.", Field = "staffId" }).ToProblem();
        }

        var now = clock.GetUtcNow();
        var (_, refusal) = await organizations.Change(
            Organization.IdOf(organizationId),
            current => current?.Body.HandOver(user.Id, heir, now) ?? Organization.NoSuch,
            cancellationToken);
        if (refusal is not null)
        {
            return (refusal.Code == "owner-taken" ? Refusal.Conflict("already-owner", "They own an organisation already, and nobody owns two.") : refusal).ToProblem();
        }

        // The message does the same, should this process die here.
        var (_, notNow) = await teams.Do(organizationId, (current, _) => current.HandOver(heir, now), cancellationToken);
        return notNow is null ? TypedResults.NoContent() : notNow.ToProblem();
    }
}
