using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Organizations.Profiles;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Staff;

/// <summary>The people of an organisation, those who were invited first first.</summary>
internal static class ListStaff
{
    /// <param name="State">invited, active or removed; all when absent.</param>
    public sealed record Filter([property: AllowedValues("invited", "active", "removed", null)] string? State = null);

    public sealed record Response(IReadOnlyList<StaffResponse> Items, string? Next);

    public static void Map(RouteGroupBuilder staff) => staff.MapGet("/", Handle).RequirePermission(Permissions.StaffManage).WithSummary("List the staff");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid organizationId, [AsParameters] Filter filter, [AsParameters] PageQuery page, CurrentUser user, ChangeTeam teams, HttpResponse http,
        CancellationToken cancellationToken)
    {
        if (await teams.Read(user, organizationId, cancellationToken) is not { } team)
        {
            return Organization.NoSuch.ToProblem();
        }

        var after = page.After is null ? default((long, Guid)?) : Read(page.After);
        var found = team.Members
            .Where(member => filter.State is null || string.Equals(member.State.ToString(), filter.State, StringComparison.OrdinalIgnoreCase))
            .OrderBy(Place)
            .Where(member => after is not { } last || Place(member).CompareTo(last) > 0)
            .Take(page.Size + 1)
            .ToArray();
        http.Headers.CacheControl = "private, no-store";
        return TypedResults.Ok(new Response(
            [.. found.Take(page.Size).Select(member => StaffResponse.Of(member, team))], found.Length > page.Size ? Write(Place(found[page.Size - 1])) : null));
    }

    private static (long, Guid) Place(Member member) => (member.InvitedAt.UtcTicks, member.StaffId);

    private static string Write((long Invited, Guid StaffId) place) => $"{place.Invited:x}-{place.StaffId:n}";

    private static (long, Guid) Read(string cursor) => cursor.Split('-') is [var invited, var staff]
        && long.TryParse(invited, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var ticks)
        && Guid.TryParseExact(staff, "n", out var staffId)
            ? (ticks, staffId)
            : throw new UnreadableCursorException();
}
