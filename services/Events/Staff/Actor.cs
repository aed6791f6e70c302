using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;

namespace EventFly.Events.Staff;

/// <summary>Who changes the crew of an event.</summary>
/// <param name="Id">The account, or the API key.</param>
/// <param name="Holds">Whether they hold a permission at this event.</param>
internal sealed record Actor(Guid Id, Func<string, bool> Holds)
{
    public static Actor At(Guid eventId, CurrentUser user) => new(user.Id, permission => user.May(permission, eventId));

    /// <summary>Nobody gives away what they do not hold, and nobody reaches those who hold more.</summary>
    public Refusal? RefuseBeyond(IEnumerable<string> permissions, string? field = null) => permissions.FirstOrDefault(permission => !Holds(permission)) is { } missing
        ? Refusal.Forbidden("permission-not-held", $"You can neither give nor take what you do not hold yourself: {missing}.") with
        {
            Field = field, Details = new Dictionary<string, object?> { ["permission"] = missing },
        }
        : null;
}
