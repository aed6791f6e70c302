using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Payments.Alerts;

/// <summary>What somebody has to look at, the newest first: of the own organisation; those who run the platform see all.</summary>
internal static class ListAlerts
{
    /// <param name="Next">Cursor of the next page; null at the end.</param>
    public sealed record Response(IReadOnlyList<AlertResponse> Items, string? Next);

    public static void Map(RouteGroupBuilder payments) => payments.MapGet("/alerts", Handle)
        .RequirePlatformAdminOr("billing.manage", "order.read").WithName("ListAlerts");

    /// <param name="resolved">Whether those that are gone are listed, too.</param>
    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        string? kind, bool? resolved, [AsParameters] PageQuery page, CurrentUser user, Documents<Alert> alerts, CancellationToken cancellationToken)
    {
        List<Where> all = [];
        if (!user.IsPlatformAdmin) all.Add(new Where.Eq("organizationId", user.OrganizationId?.ToString("N") ?? "none"));
        if (kind is not null)
        {
            if (Enum.GetNames<AlertKind>().FirstOrDefault(name => name.Equals(kind, StringComparison.OrdinalIgnoreCase)) is not { } known)
            {
                return Refusal.Invalid("kind-unknown", $"One of {string.Join(", ", Enum.GetNames<AlertKind>())}.", "kind").ToProblem();
            }

            all.Add(new Where.Eq("kind", known));
        }

        if (resolved is not true) all.Add(new Where.Eq("isOpen", true));

        var found = await alerts.Query(page.ToQuery(all, new SortBy("raisedAt", Descending: true)), cancellationToken);
        return TypedResults.Ok(new Response([.. found.Items.Select(alert => AlertResponse.Of(alert.Body))], found.Next));
    }
}
