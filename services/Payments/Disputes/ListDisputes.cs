using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Payments.Disputes;

/// <summary>Disputes of the own organisation's orders, the newest first; those who run the platform see all.</summary>
internal static class ListDisputes
{
    /// <param name="Next">Cursor of the next page; null at the end.</param>
    public sealed record Response(IReadOnlyList<DisputeResponse> Items, string? Next);

    public static void Map(RouteGroupBuilder payments) => payments.MapGet("/disputes", Handle)
        .RequirePlatformAdminOr("billing.manage", "order.read").WithName("ListDisputes");

    /// <param name="closed">Only those that are (not) decided. Absent: all.</param>
    private static async Task<Ok<Response>> Handle(
        bool? closed, [AsParameters] PageQuery page, CurrentUser user, Documents<DisputeView> disputes, CancellationToken cancellationToken)
    {
        List<Where> all = [];
        if (!user.IsPlatformAdmin) all.Add(new Where.Eq("organizationId", user.OrganizationId?.ToString("N") ?? "none"));
        if (closed is { } wanted) all.Add(new Where.Eq("isClosed", wanted));

        var found = await disputes.Query(page.ToQuery(all, new SortBy("openedAt", Descending: true)), cancellationToken);
        return TypedResults.Ok(new Response([.. found.Items.Select(dispute => DisputeResponse.Of(dispute.Body))], found.Next));
    }
}
