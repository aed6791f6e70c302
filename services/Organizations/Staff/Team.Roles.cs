using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Organizations.Staff;

internal sealed partial record Team
{
    /// <summary>The built-in roles and then the organisation's own, by name.</summary>
    public IEnumerable<Role> AllRoles() =>
    [
        BuiltInRole.Owner,
        BuiltInRole.Manager,
        FindRole(BuiltInRole.Default.RoleId)!,
        .. OwnRoles.Where(role => !role.IsBuiltIn).OrderBy(role => role.Name, StringComparer.OrdinalIgnoreCase),
    ];

    public Role? FindRole(Guid roleId) => OwnRoles.FirstOrDefault(role => role.RoleId == roleId)
        ?? (roleId == BuiltInRole.Owner.RoleId ? BuiltInRole.Owner
            : roleId == BuiltInRole.Manager.RoleId ? BuiltInRole.Manager
            : roleId == BuiltInRole.Default.RoleId ? BuiltInRole.Default
            : null);

    /// <summary>Adds a role, or changes it for everybody who has it.</summary>
    public Change<Team> SetRole(Actor actor, Guid roleId, string name, IReadOnlyList<string> permissions, DateTimeOffset now)
    {
        var known = FindRole(roleId);
        if (known?.SaysTheSameAs(name, permissions) is true)
        {
            return Decision.Nothing;
        }

        Refusal? refusal =
            known is not null && known.RoleId != BuiltInRole.Default.RoleId && known.IsBuiltIn ? Fixed(known)
            : known?.RoleId == BuiltInRole.Default.RoleId && !known.IsCalled(name) ? Refusal.Conflict("role-built-in", "The default role keeps its name.") with { Field = "name" }
            : known is not null && actor.Self?.RoleId == roleId ? OwnRole
            : AllRoles().Any(role => role.RoleId != roleId && role.IsCalled(name)) ? Refusal.Conflict("role-name-taken", "Another role has this name. Capitals make no difference.") with { Field = "name" }
            : known is null && AllRoles().Count() >= MostRoles ? Refusal.Conflict("too-many-roles", $"An organisation has at most {MostRoles} roles.")
            : actor.RefuseBeyond(known?.Permissions ?? []) ?? actor.RefuseBeyond(permissions, "permissions");
        if (refusal is not null)
        {
            return refusal;
        }

        var at = After(now);
        var set = new Role(roleId, name, permissions, (known?.Version ?? 0) + 1);
        var next = this with { OwnRoles = [.. OwnRoles.Where(role => role.RoleId != roleId), set], LastChange = at };
        return Change.To(next, [
            known is null
                ? Audited(actor.Id, "role-added", roleId, at, ("name", name), ("permissions", Words(permissions)))
                : Audited(
                    actor.Id, "role-changed", roleId, at,
                    ("name", name), ("nameBefore", known.Name), ("permissions", Words(permissions)), ("permissionsBefore", Words(known.Permissions))),
            .. next.Members.Where(member => member.IsHere && member.RoleId == roleId).Select(member => AccessOf(member, set, at)),
        ]);
    }

    /// <summary>Whoever had it falls back to the default role.</summary>
    public Change<Team> RemoveRole(Actor actor, Role role, DateTimeOffset now)
    {
        Refusal? refusal = role.IsBuiltIn ? Fixed(role)
            : actor.Self?.RoleId == role.RoleId ? OwnRole
            : actor.RefuseBeyond(role.Permissions) ?? actor.RefuseBeyond(FindRole(BuiltInRole.Default.RoleId)!.Permissions);
        if (refusal is not null)
        {
            return refusal;
        }

        var at = After(now);
        var fallback = FindRole(BuiltInRole.Default.RoleId)!;
        var moved = Members.Where(member => member.IsHere && member.RoleId == role.RoleId)
            .Select(member => member.Next() with { RoleId = fallback.RoleId }).ToDictionary(member => member.StaffId);
        return Change.To(
            this with
            {
                OwnRoles = [.. OwnRoles.Where(other => other.RoleId != role.RoleId)],
                Members = [.. Members.Select(member => moved.GetValueOrDefault(member.StaffId, member))],
                LastChange = at,
            },
            [
                Audited(actor.Id, "role-removed", role.RoleId, at, ("name", role.Name), ("permissions", Words(role.Permissions)), ("people", $"{moved.Count}")),
                .. moved.Values.Select(member => AccessOf(member, fallback, at)),
            ]);
    }

    private static Refusal Fixed(Role role) => Refusal.Conflict("role-built-in", $"The role {role.Name} is the same in every organisation.");

    private static string Words(IEnumerable<string> permissions) => string.Join(", ", permissions);
}
