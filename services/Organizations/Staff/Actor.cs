using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;

namespace EventFly.Organizations.Staff;

/// <summary>Who changes something about the people of an organisation, and what they hold there by what is stored, not by what their token says.</summary>
/// <param name="Id">The account, or the API key.</param>
/// <param name="Held">All that they may do in the organisation.</param>
/// <param name="Self">Their own place in it; null for a program.</param>
internal sealed record Actor(Guid Id, IReadOnlyList<string> Held, Member? Self)
{
    public bool IsOwner => Self?.RoleId == BuiltInRole.Owner.RoleId;

    /// <summary>Null for those who may change people and roles at all.</summary>
    public Refusal? Refuse() => Held.Contains(Permissions.StaffManage)
        ? null
        : Refusal.Forbidden("permission-lost", $"You do not hold {Permissions.StaffManage} here any more.");

    /// <summary>
    /// Nobody gives away what they do not hold, and nobody reaches those who hold more: null when all of it is held, else a refusal that names what is not.
    /// </summary>
    public Refusal? RefuseBeyond(IEnumerable<string> permissions, string? field = null) => permissions.FirstOrDefault(permission => !Held.Contains(permission)) is { } missing
        ? Refusal.Forbidden("permission-not-held", $"You can neither give nor take what you do not hold yourself: {missing}.") with
        {
            Field = field, Details = new Dictionary<string, object?> { ["permission"] = missing },
        }
        : null;
}
