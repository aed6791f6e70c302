using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Organizations.Profiles;
using EventFly.Organizations.Staff;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Audit;

/// <summary>Who changed what, the last change first. For the owner: what is done under managers' hands is seen by somebody who cannot be one of them.</summary>
internal static class ListAudit
{
    /// <param name="Actor">Changes by this account or API key.</param>
    /// <param name="Kind">Changes of this kind: <c>role-changed</c>.</param>
    public sealed record Filter(Guid? Actor = null, [property: MaxLength(60)] string? Kind = null);

    /// <param name="Actor">As the organisation calls them; null when it does not know them any more.</param>
    /// <param name="Subject">The name of whom or what it was done to, where that has one.</param>
    public sealed record Item(
        Guid EntryId, DateTimeOffset At, string Kind, Guid? ActorId, string? Actor, Guid? SubjectId, string? Subject, IReadOnlyDictionary<string, string> Details);

    public sealed record Response(IReadOnlyList<Item> Items, string? Next);

    public static void Map(RouteGroupBuilder organization) =>
        organization.MapGet("/audit", Handle).RequireOrganizerOrStaff().WithSummary("List who changed what");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid organizationId, [AsParameters] Filter filter, [AsParameters] PageQuery page, CurrentUser user, ChangeTeam teams, Documents<AuditEntry> entries,
        HttpResponse http, CancellationToken cancellationToken)
    {
        if (await teams.Read(user, organizationId, cancellationToken) is not { } team)
        {
            return Organization.NoSuch.ToProblem();
        }

        if (team.OwnerId != user.Id)
        {
            return Refusal.Forbidden("owner-only", "Only the owner can do this.").ToProblem();
        }

        List<Where> all = [new Where.Eq("organization", organizationId.ToString())];
        if (filter.Actor is { } actor)
        {
            all.Add(new Where.Eq("actor", actor.ToString()));
        }

        if (filter.Kind is { } kind)
        {
            all.Add(new Where.Eq("kind", kind));
        }

        var found = await entries.Query(page.ToQuery(all, new SortBy("at", Descending: true)), cancellationToken);
        http.Headers.CacheControl = "private, no-store";
        return TypedResults.Ok(new Response([.. found.Items.Select(entry => ItemOf(entry.Body, team))], found.Next));
    }

    private static Item ItemOf(AuditEntry entry, Team team) => new(
        entry.EntryId,
        entry.At,
        entry.Kind,
        entry.ActorId,
        team.Members.FirstOrDefault(member => member.AccountId is not null && member.AccountId == entry.ActorId) is { } actor ? Called(actor) : null,
        entry.SubjectId,
        entry.SubjectId is { } subject && team.Find(subject) is { } member ? Called(member) : null,
        entry.Details);

    private static string? Called(Member member) => member.Name ?? (member.RoleId == BuiltInRole.Owner.RoleId ? "owner" : member.Email);
}
