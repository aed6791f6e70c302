using System.Collections.Frozen;

namespace EventFly.BuildingBlocks.Http;

/// <summary>
/// Everything that an organisation can let somebody do. Roles, event roles and API keys are made of these words and of no others; a published one is
/// never renamed, for it is stored and in tokens.
/// </summary>
public static class Permissions
{
    /// <summary>Create events, change what is said about them, publish and cancel them.</summary>
    public const string EventEdit = "event.edit";

    /// <summary>Ticket types, prices, quotas and codes.</summary>
    public const string TicketManage = "ticket.manage";

    /// <summary>See orders, attendees and the waitlist, with names and addresses.</summary>
    public const string OrderRead = "order.read";

    /// <summary>Give paid tickets back for money.</summary>
    public const string OrderRefund = "order.refund";

    /// <summary>Admit people at the door.</summary>
    public const string CheckinScan = "checkin.scan";

    /// <summary>Hide posts and comments, and close what gets out of hand.</summary>
    public const string FeedModerate = "feed.moderate";

    /// <summary>Invite people, give them roles, change roles, register door devices; the profile of the organisation.</summary>
    public const string StaffManage = "staff.manage";

    /// <summary>The plan, its payment and its bills; what was paid to the organisation.</summary>
    public const string BillingManage = "billing.manage";

    /// <summary>Statistics.</summary>
    public const string AnalyticsRead = "analytics.read";

    /// <summary>The catalogue, in the order in which people read it.</summary>
    public static IReadOnlyList<string> All { get; } =
        [EventEdit, TicketManage, OrderRead, OrderRefund, CheckinScan, FeedModerate, StaffManage, BillingManage, AnalyticsRead];

    private static readonly FrozenSet<string> Known = All.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether the catalogue has it, in exactly this spelling.</summary>
    public static bool IsKnown(string permission) => Known.Contains(permission);
}

/// <summary>A permission that holds for one event.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Permission">Of the catalogue (<see cref="Permissions"/>).</param>
public readonly record struct EventPermission(Guid EventId, string Permission)
{
    /// <summary>What the claim <c>eperms</c> holds: for each event its id and what is held there, parted by spaces.</summary>
    public static IReadOnlyList<string> Write(IEnumerable<EventPermission> held) =>
        [.. held.GroupBy(one => one.EventId).Select(at => $"{at.Key} {string.Join(' ', at.Select(one => one.Permission).Distinct(StringComparer.Ordinal))}")];

    /// <summary>Reads one value of the claim. What is no event id holds nothing.</summary>
    public static IEnumerable<EventPermission> Read(string written)
    {
        var words = written.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 1 && Guid.TryParse(words[0], out var eventId) ? words.Skip(1).Select(permission => new EventPermission(eventId, permission)) : [];
    }
}
