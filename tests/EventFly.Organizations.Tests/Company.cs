using System.Net;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Auth;
using EventFly.Testing;

namespace EventFly.Organizations.Tests;

/// <summary>An organisation with its owner, who may invite and give roles.</summary>
public sealed class Company
{
    public static readonly Guid OwnerRole = Guid.Parse("00000000-0000-7000-8000-000000000001");
    public static readonly Guid ManagerRole = Guid.Parse("00000000-0000-7000-8000-000000000002");
    public static readonly Guid DefaultRole = Guid.Parse("00000000-0000-7000-8000-000000000003");

    private readonly OrganizationsApp app;

    private Company(OrganizationsApp app, Guid id, TestUser owner) => (this.app, Id, Owner) = (app, id, owner);

    public Guid Id { get; }

    public TestUser Owner { get; }

    public static async Task<Company> In(OrganizationsApp app, string name = "Riverside Concerts")
    {
        var (id, owner) = (Guid.CreateVersion7(), OrganizationsApp.NewOrganizer());
        Assert.Equal(HttpStatusCode.Created, (await app.Create(owner, id, new { name })).StatusCode);
        return new Company(app, id, owner with { OrganizationId = id, Permissions = [.. Permissions.All] });
    }

    public Task<HttpResponseMessage> Send(TestUser? user, HttpMethod method, string path, object? body = null, string? etag = null) =>
        app.Send(user, method, $"/{Id}{path}", body, etag);

    public Task<HttpResponseMessage> PutRole(TestUser user, Guid roleId, string name, string[] permissions, string? etag = null) =>
        Send(user, HttpMethod.Put, $"/roles/{roleId}", new { name, permissions }, etag);

    public async Task<Guid> Role(string name, params string[] permissions)
    {
        var roleId = Guid.CreateVersion7();
        Assert.Equal(HttpStatusCode.Created, (await PutRole(Owner, roleId, name, permissions)).StatusCode);
        return roleId;
    }

    public Task<HttpResponseMessage> Invite(TestUser user, Guid staffId, string email, Guid roleId, string name = "Kim") =>
        Send(user, HttpMethod.Put, $"/staff/{staffId}", new { email, name, roleId });

    /// <summary>Somebody who accepted: their token says what the role says now.</summary>
    public async Task<(Guid StaffId, TestUser User)> Member(string email, Guid roleId)
    {
        var (staffId, account) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Assert.Equal(HttpStatusCode.Created, (await Invite(Owner, staffId, email, roleId)).StatusCode);
        await app.Bus.Say(new StaffJoined(Id, staffId, account), staffId.ToString());
        return (staffId, new TestUser(account, ["staff"], Id, (await Get(staffId)).Permissions));
    }

    public async Task<Staff> Get(Guid staffId) => await OrganizationsApp.Read<Staff>(await Send(Owner, HttpMethod.Get, $"/staff/{staffId}"));

    public async Task<Role> GetRole(Guid roleId) => await OrganizationsApp.Read<Role>(await Send(Owner, HttpMethod.Get, $"/roles/{roleId}"));
}

public sealed record Role(Guid RoleId, string Name, string[] Permissions, bool IsBuiltIn, int People, string ETag);

public sealed record Roles(Role[] Items);

public sealed record Staff(
    Guid StaffId, string? Email, string? Name, Guid RoleId, string Role, string[] Permissions, string State, Guid? AccountId, int Invitations, string ETag);

public sealed record StaffPage(Staff[] Items, string? Next);

public sealed record AuditItem(
    Guid EntryId, DateTimeOffset At, string Kind, Guid? ActorId, string? Actor, Guid? SubjectId, string? Subject, Dictionary<string, string> Details);

public sealed record AuditPage(AuditItem[] Items, string? Next);
