using System.Text.Json.Serialization;
using EventFly.BuildingBlocks.Http;

namespace EventFly.Auth.Accounts;

/// <summary>Somebody works, or worked, for an organisation.</summary>
/// <param name="OrganizationId">Becomes <c>org</c> in the access token of a session that acts for it.</param>
/// <param name="Role"><see cref="Owner"/>, or what the organisation calls it.</param>
internal sealed record Membership(Guid OrganizationId, string Role)
{
    public const string Owner = "owner";

    /// <summary>Events that are remembered: far more than anybody works at at one time.</summary>
    private const int MostEvents = 200;

    /// <summary>As it was invited. Null for those who were owners before there was any staff.</summary>
    public Guid? StaffId { get; init; }

    /// <summary>What the role allows, as it was told last. An owner has everything anyway.</summary>
    public IReadOnlyList<string> Granted { get; init; } = [];

    /// <summary>What holds at single events beside that.</summary>
    public IReadOnlyList<EventMembership> Events { get; init; } = [];

    /// <summary>When what is known was decided; what was decided before is not listened to.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>They left. It is remembered, so that older news do not let them in again.</summary>
    public bool HasLeft { get; init; }

    /// <summary>What becomes <c>perms</c> in the access token. An owner has them all, also those that are added later.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Permissions => HasLeft ? [] : Role == Owner ? BuildingBlocks.Http.Permissions.All : Granted;

    /// <summary>What becomes <c>eperms</c>.</summary>
    [JsonIgnore]
    public IEnumerable<EventPermission> EventPermissions =>
        HasLeft ? [] : Events.SelectMany(at => at.Permissions.Select(permission => new EventPermission(at.EventId, permission)));

    /// <summary>Null when what is known about the event is newer.</summary>
    public Membership? Work(EventMembership told) => Events.FirstOrDefault(known => known.EventId == told.EventId) is { } known && known.At >= told.At
        ? null
        : this with
        {
            // Those that hold nothing any more are forgotten first.
            Events = [told, .. Events.Where(other => other.EventId != told.EventId).OrderBy(other => other.Permissions.Count == 0).Take(MostEvents - 1)],
        };
}

/// <summary>What somebody may do at one event; nothing once they do not work there any more.</summary>
/// <param name="At">When it was decided.</param>
internal sealed record EventMembership(Guid EventId, IReadOnlyList<string> Permissions, DateTimeOffset At);
