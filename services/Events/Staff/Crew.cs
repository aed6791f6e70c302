using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Events;
using EventFly.Events.Events;

namespace EventFly.Events.Staff;

/// <summary>What people may do at one event beside what they may do at all.</summary>
/// <param name="Version">From 1; its ETag.</param>
internal sealed record EventRole(Guid RoleId, string Name, IReadOnlyList<string> Permissions, long Version)
{
    public const int LongestName = 60;

    public bool SaysTheSameAs(string name, IReadOnlyList<string> permissions) => Name == name && Permissions.SequenceEqual(permissions);
}

/// <summary>Somebody of the staff works at the event.</summary>
/// <param name="StaffId">In the organisation.</param>
/// <param name="AccountId">Whose tokens say so.</param>
/// <param name="Version">From 1; its ETag.</param>
internal sealed record Assignment(Guid StaffId, Guid AccountId, Guid RoleId, DateTimeOffset AssignedAt, long Version);

/// <summary>
/// Who works at an event, and as what: one document beside the event's, so that a role and what everybody holds by it change together, and the event's ETag is
/// not spent on it.
/// </summary>
/// <param name="LastChange">When the last change was decided. No two have the same time.</param>
internal sealed record Crew(
    Guid EventId, Guid OrganizationId, IReadOnlyList<EventRole> Roles, IReadOnlyList<Assignment> Assignments, DateTimeOffset LastChange)
{
    public const int MostRoles = 20;

    public const int MostPeople = 200;

    public static DocumentType<Crew> Documents { get; } = new DocumentType<Crew>("crews", crew => IdOf(crew.EventId))
        .Texts("accounts", crew => crew.Assignments.Select(assignment => assignment.AccountId.ToString()));

    public static Refusal NoSuchRole => Refusal.NotFound("role-not-found", "The event has no such role.");

    public static Refusal NoSuchStaff => Refusal.NotFound("staff-not-found", "Nobody of this id works here.");

    public static string IdOf(Guid eventId) => eventId.ToString();

    /// <summary>The event's crew. What another organisation left under the id of a draft that it deleted is no part of it.</summary>
    public static Crew Of(Event of, Crew? known) =>
        known?.OrganizationId == of.OrganizationId ? known : new Crew(of.EventId, of.OrganizationId, [], [], known?.LastChange ?? of.CreatedAt);

    public EventRole? FindRole(Guid roleId) => Roles.FirstOrDefault(role => role.RoleId == roleId);

    public Assignment? Find(Guid staffId) => Assignments.FirstOrDefault(assignment => assignment.StaffId == staffId);

    /// <summary>Adds a role, or changes it for everybody who has it.</summary>
    public Change<Crew> SetRole(Actor actor, Guid roleId, string name, IReadOnlyList<string> permissions, string eventName, DateTimeOffset now)
    {
        var known = FindRole(roleId);
        Refusal? refusal =
            Roles.Any(role => role.RoleId != roleId && string.Equals(role.Name, name, StringComparison.OrdinalIgnoreCase))
                ? Refusal.Conflict("role-name-taken", "Another role has this name. Capitals make no difference.") with { Field = "name" }
            : known is null && Roles.Count >= MostRoles ? Refusal.Conflict("too-many-roles", $"An event has at most {MostRoles} roles.")
            : actor.RefuseBeyond(known?.Permissions ?? []) ?? actor.RefuseBeyond(permissions, "permissions");
        if (refusal is not null)
        {
            return refusal;
        }

        var at = After(now);
        var set = new EventRole(roleId, name, permissions, (known?.Version ?? 0) + 1);
        return Change.To(
            this with { Roles = [.. Roles.Where(role => role.RoleId != roleId), set], LastChange = at },
            [.. Assignments.Where(assignment => assignment.RoleId == roleId).Select(assignment => Assigned(assignment, set, eventName, actor.Id, at, isNew: false))]);
    }

    /// <summary>Whoever had it works here no longer.</summary>
    public Change<Crew> RemoveRole(Actor actor, EventRole role, DateTimeOffset now)
    {
        if (actor.RefuseBeyond(role.Permissions) is { } refusal)
        {
            return refusal;
        }

        var at = After(now);
        var gone = Assignments.Where(assignment => assignment.RoleId == role.RoleId).ToArray();
        return Change.To(
            this with { Roles = [.. Roles.Where(other => other != role)], Assignments = [.. Assignments.Except(gone)], LastChange = at },
            [.. gone.Select(assignment => Removed(assignment, actor.Id, at))]);
    }

    public Change<Crew> Assign(Actor actor, Guid staffId, Guid accountId, Guid roleId, string eventName, DateTimeOffset now)
    {
        if (FindRole(roleId) is not { } role)
        {
            return NoSuchRole with { Kind = RefusalKind.Unprocessable, Field = "roleId" };
        }

        var known = Find(staffId);
        var refusal = (known is null ? null : actor.RefuseBeyond(RoleOf(known).Permissions)) ?? actor.RefuseBeyond(role.Permissions, "roleId");
        if (refusal is not null)
        {
            return refusal;
        }

        if (known is null && Assignments.Count >= MostPeople)
        {
            return Refusal.Conflict("too-many-staff", $"At most {MostPeople} people work at an event.");
        }

        var at = After(now);
        var assigned = known is null ? new Assignment(staffId, accountId, roleId, at, 1) : known with { RoleId = roleId, Version = known.Version + 1 };
        return Change.To(
            this with { Assignments = [.. Assignments.Where(other => other.StaffId != staffId), assigned], LastChange = at },
            Assigned(assigned, role, eventName, actor.Id, at, isNew: known is null));
    }

    /// <param name="actor">Null: they left the organisation, or the event is over.</param>
    /// <param name="assignment">Who.</param>
    /// <param name="now">The time.</param>
    public Change<Crew> Remove(Actor? actor, Assignment assignment, DateTimeOffset now)
    {
        if (actor?.RefuseBeyond(RoleOf(assignment).Permissions) is { } refusal)
        {
            return refusal;
        }

        var at = After(now);
        return Change.To(this with { Assignments = [.. Assignments.Where(other => other.StaffId != assignment.StaffId)], LastChange = at }, Removed(assignment, actor?.Id, at));
    }

    public EventRole RoleOf(Assignment assignment) =>
        FindRole(assignment.RoleId) ?? throw new InvalidOperationException($"The role {assignment.RoleId} of {EventId} is gone although {assignment.StaffId} has it.");

    private EventStaffAssigned Assigned(Assignment assignment, EventRole role, string eventName, Guid actor, DateTimeOffset at, bool isNew) =>
        new(EventId, OrganizationId, assignment.StaffId, assignment.AccountId, role.Name, role.Permissions)
        {
            EventName = eventName, ActorId = actor, At = at, IsNew = isNew,
        };

    private EventStaffRemoved Removed(Assignment assignment, Guid? actor, DateTimeOffset at) =>
        new(EventId, OrganizationId, assignment.StaffId, assignment.AccountId) { ActorId = actor, At = at };

    /// <summary>Milliseconds, because tokens' overlays have no more; later than every change before, whatever the clocks of the replicas say.</summary>
    private DateTimeOffset After(DateTimeOffset now)
    {
        var next = DateTimeOffset.FromUnixTimeMilliseconds(LastChange.ToUnixTimeMilliseconds() + 1);
        var rounded = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        return rounded > next ? rounded : next;
    }
}
