using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;

namespace EventFly.Events.Events;

/// <summary>A stranger's event looks like none.</summary>
internal static class Ownership
{
    public static Change<Event> IfOwn(this Document<Event>? stored, CurrentUser user, Func<Document<Event>, Change<Event>> decide) =>
        stored is not null && user.ActsFor(stored.Body.OrganizationId) ? decide(stored) : Event.None;

    /// <summary>For writes that make sense whatever the version: If-Match is heeded where it is sent.</summary>
    public static Refusal? RefuseIfSent(this IfMatch ifMatch, long version) =>
        ifMatch.Refuse(version) is { Kind: not RefusalKind.PreconditionRequired } refusal ? refusal : null;
}
