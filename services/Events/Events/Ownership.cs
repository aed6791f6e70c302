using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;

namespace EventFly.Events.Events;

/// <summary>A stranger's event looks like none.</summary>
internal static class Ownership
{
    public static Change<Event> IfOwn(this Document<Event>? stored, CurrentUser user, Func<Document<Event>, Change<Event>> decide) =>
        stored is not null && user.ActsFor(stored.Body.OrganizationId) ? decide(stored) : Event.None;

    /// <summary>
    /// Drafts are for those who prepare events or sales in the whole organisation, and for those who work at the very event: being of the staff is not enough.
    /// </summary>
    public static bool MaySeeDraft(this CurrentUser user, Event draft) =>
        user.ActsFor(draft.OrganizationId) && (user.MaySeeAllDrafts() || user.EventPermissions.Any(held => held.EventId == draft.EventId));

    public static bool MaySeeAllDrafts(this CurrentUser user) => user.May(Permissions.EventEdit) || user.May(Permissions.TicketManage);

    /// <summary>For writes that make sense whatever the version: If-Match is heeded where it is sent.</summary>
    public static Refusal? RefuseIfSent(this IfMatch ifMatch, long version) =>
        ifMatch.Refuse(version) is { Kind: not RefusalKind.PreconditionRequired } refusal ? refusal : null;
}
