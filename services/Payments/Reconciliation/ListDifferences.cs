using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Payments.Reconciliation;

/// <summary>Where books, orders and processor do not agree, the newest first: of the own organisation; those who run the platform see all.</summary>
internal static class ListDifferences
{
    /// <param name="Next">Cursor of the next page; null at the end.</param>
    public sealed record Response(IReadOnlyList<Difference> Items, string? Next);

    public static void Map(RouteGroupBuilder payments) => payments.MapGet("/differences", Handle)
        .RequirePlatformAdminOr("billing.manage").WithName("ListDifferences");

    /// <param name="resolved">Whether those that are gone are listed, too.</param>
    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        string? kind, bool? resolved, [AsParameters] PageQuery page, CurrentUser user, Documents<Difference> differences,
        CancellationToken cancellationToken)
    {
        List<Where> all = [];
        if (!user.IsPlatformAdmin) all.Add(new Where.Eq("organizationId", user.OrganizationId?.ToString("N") ?? "none"));
        if (kind is not null)
        {
            if (Enum.GetNames<DifferenceKind>().FirstOrDefault(name => name.Equals(kind, StringComparison.OrdinalIgnoreCase)) is not { } known)
            {
                return Refusal.Invalid("kind-unknown", $"One of {string.Join(", ", Enum.GetNames<DifferenceKind>())}.", "kind").ToProblem();
            }

            all.Add(new Where.Eq("kind", known));
        }

        if (resolved is not true) all.Add(new Where.Eq("isOpen", true));

        var found = await differences.Query(page.ToQuery(all, new SortBy("firstSeen", Descending: true)), cancellationToken);
        return TypedResults.Ok(new Response([.. found.Items.Select(difference => difference.Body)], found.Next));
    }
}
