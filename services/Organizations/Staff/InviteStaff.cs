using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using EventFly.BuildingBlocks.Mail;
using EventFly.Organizations.Plans;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Staff;

/// <summary>Invites somebody under the client's id: auth mails them a code. Sending the same again changes nothing.</summary>
internal static class InviteStaff
{
    public sealed record Request(
        [property: Required, MaxLength(EmailAddress.MaxLength)] string Email,
        [property: Required, MaxLength(100), RegularExpression(@"^\s*[^\s\p{Cc}][^\p{Cc}]*$", ErrorMessage = "A name has at least one letter and no control characters.")] string Name,
        Guid RoleId);

    public static void Map(RouteGroupBuilder staff) =>
        staff.MapPut("/{staffId:guid}", Handle).RequirePermission(Permissions.StaffManage).WithSummary("Invite somebody to work here");

    private static async Task<Results<Created<StaffResponse>, Ok<StaffResponse>, ProblemHttpResult>> Handle(
        Guid organizationId, Guid staffId, Request request, CurrentUser user, ChangeTeam teams, PlanKeeper plans, TimeProvider clock,
        HttpResponse http, CancellationToken cancellationToken)
    {
        if (staffId == Guid.Empty)
        {
            return Refusal.Invalid("id-empty", "Choose an id of your own, a UUIDv7.", "staffId").ToProblem();
        }

        if (!EmailAddress.TryNormalize(request.Email, out var email))
        {
            return Refusal.Invalid("email-malformed", "This is no e-mail address that mail can be sent to.", "email").ToProblem();
        }

        var plan = await plans.Of(organizationId, cancellationToken);
        var isNew = false;
        var (team, refusal) = await teams.By(
            user,
            organizationId,
            (current, actor, organization) =>
            {
                isNew = current.Find(staffId) is null;
                return user.RefuseUnverified() is { } unverified ? unverified
                    : isNew && plan.RefuseOneMoreStaff(current.Members.Count(member => member.IsHere) - 1) is { } full ? full
                    : current.Invite(actor, staffId, email, request.Name.Trim(), request.RoleId, organization.Profile.Name, clock.GetUtcNow());
            },
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        var member = team!.Find(staffId)!;
        http.SetETag(member.Version);
        var response = StaffResponse.Of(member, team);
        return isNew ? TypedResults.Created($"/api/organizations/{organizationId}/staff/{staffId}", response) : TypedResults.Ok(response);
    }
}
