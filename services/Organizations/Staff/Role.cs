using EventFly.BuildingBlocks.Http;

namespace EventFly.Organizations.Staff;

/// <summary>A name for what people may do in all of an organisation.</summary>
/// <param name="RoleId">Chosen by the client; the built-in ones have <see cref="BuiltInRole"/>'s.</param>
/// <param name="Permissions">Of the catalogue, in its order, each once.</param>
/// <param name="Version">From 1; its ETag.</param>
internal sealed record Role(Guid RoleId, string Name, IReadOnlyList<string> Permissions, long Version)
{
    public const int LongestName = 60;

    public bool IsBuiltIn => BuiltInRole.Ids.Contains(RoleId);

    public bool IsCalled(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);

    public bool SaysTheSameAs(string name, IReadOnlyList<string> permissions) => Name == name && Permissions.SequenceEqual(permissions);
}

/// <summary>The roles that every organisation has.</summary>
internal static class BuiltInRole
{
    /// <summary>Everything, also what is added to the catalogue later. Held by one; given away only as a whole.</summary>
    public static readonly Role Owner = new(Guid.Parse("00000000-0000-7000-8000-000000000001"), "owner", Permissions.All, 1);

    /// <summary>Everything but the money that the organisation itself pays. The same everywhere, so it cannot be edited.</summary>
    public static readonly Role Manager = new(
        Guid.Parse("00000000-0000-7000-8000-000000000002"), "manager", [.. Permissions.All.Where(permission => permission != Permissions.BillingManage)], 1);

    /// <summary>What members have whose role was removed: nothing, until the organisation says otherwise.</summary>
    public static readonly Role Default = new(Guid.Parse("00000000-0000-7000-8000-000000000003"), "default", [], 1);

    public static readonly IReadOnlyList<Guid> Ids = [Owner.RoleId, Manager.RoleId, Default.RoleId];
}
