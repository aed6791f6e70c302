using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;

namespace EventFly.Payments.Ledger;

/// <summary>Which movements a caller may see and asks for: those of the own organisation; a platform administrator sees all, or one organisation's.</summary>
internal static class LedgerQuery
{
    public static IReadOnlyList<Where> Conditions(Guid? organizationId, Guid? eventId, DateTimeOffset? from, DateTimeOffset? to)
    {
        List<Where> all = [];
        if (organizationId is { } organization) all.Add(new Where.Eq("organizationId", organization.ToString("N")));
        if (eventId is { } one) all.Add(new Where.Eq("eventId", one.ToString("N")));
        if (from is not null || to is not null) all.Add(new Where.Range("recordedAt", from, to));
        return all;
    }

    /// <summary>Whose books are meant. Null: everybody's.</summary>
    public static (Guid? OrganizationId, Refusal? Refusal) Whose(CurrentUser user, Guid? asked)
    {
        if (user.IsPlatformAdmin) return (asked, null);
        if (user.OrganizationId is not { } own || (asked is { } other && other != own))
        {
            return (null, Refusal.NotFound("organization-not-found", "There is no such organisation of yours."));
        }

        return (own, null);
    }

    public static Refusal? RangeFault(DateTimeOffset? from, DateTimeOffset? to) =>
        from is { } first && to is { } last && last < first ? Refusal.Invalid("range-backwards", "The end is before the beginning.", "to") : null;
}
