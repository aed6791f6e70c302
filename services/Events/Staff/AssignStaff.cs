using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Staff;

/// <summary>Has somebody of the staff work at an event, or gives them another role there (If-Match). It holds for tokens that are out when this answers.</summary>
internal static class AssignStaff
{
    public sealed record Request(Guid RoleId);

    public static void Map(RouteGroupBuilder staff) =>
        staff.MapPut("/{staffId:guid}", Handle).RequirePermission(Permissions.StaffManage).WithSummary("Assign somebody of the staff to an event");

    private static async Task<Results<Created<EventStaffResponse>, Ok<EventStaffResponse>, ProblemHttpResult>> Handle(
        Guid eventId, Guid staffId, Request request, IfMatch ifMatch, CurrentUser user, ChangeCrew crews, Documents<Colleague> colleagues, LeaveCrews leave,
        TimeProvider clock, HttpResponse http, CancellationToken cancellationToken)
    {
        if (await crews.Read(user, eventId, cancellationToken) is not { } before)
        {
            return Event.None.ToProblem();
        }

        if (await WorkingFor(before.OrganizationId) is not { } account)
        {
            return (Crew.NoSuchStaff with { Kind = RefusalKind.Unprocessable, Message = "Only somebody who works for the organisation, and has accepted, can be assigned.", Field = "staffId" })
                .ToProblem();
        }

        var isNew = before.Find(staffId) is null;
        if (isNew && !await leave.HasRoom(account, cancellationToken))
        {
            return Refusal.Conflict("too-many-events", $"Somebody works at {LeaveCrews.MostEvents} events at one time at most.").ToProblem();
        }

        var (crew, refusal) = await crews.By(
            user,
            eventId,
            (current, actor, of) =>
            {
                var known = current.Find(staffId);
                isNew = known is null;
                return known is not null && known.RoleId == request.RoleId ? Decision.Nothing
                    : known is not null && ifMatch.Refuse(known.Version) is { } stale ? stale
                    : known is null && ifMatch.Refuse(0) is { Kind: not RefusalKind.PreconditionRequired } gone ? gone.Kind is RefusalKind.Invalid ? gone : Crew.NoSuchStaff
                    : current.Assign(actor, staffId, account, request.RoleId, of.Details.Name, clock.GetUtcNow());
            },
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        // They may have left the organisation while this was decided.
        if (await WorkingFor(before.OrganizationId) is null)
        {
            await leave.Leave(eventId, account, cancellationToken);
            return Crew.NoSuchStaff.ToProblem();
        }

        if (crew!.Find(staffId) is not { } assigned)
        {
            return Crew.NoSuchStaff.ToProblem();
        }

        http.SetETag(assigned.Version);
        var response = EventStaffResponse.Of(assigned, crew);
        return isNew ? TypedResults.Created($"/api/events/{eventId}/staff", response) : TypedResults.Ok(response);

        async Task<Guid?> WorkingFor(Guid organizationId) =>
            await colleagues.Get(Colleague.IdOf(staffId), cancellationToken) is { Body: var colleague } && colleague.WorksFor(organizationId) ? colleague.AccountId : null;
    }
}
