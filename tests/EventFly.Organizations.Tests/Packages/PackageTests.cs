using System.Net;
using System.Text.Json;
using EventFly.Contracts.Organizations;
using EventFly.Testing;

namespace EventFly.Organizations.Tests.Packages;

public sealed class PackageTests : IDisposable
{
    private readonly OrganizationsApp app = new();
    private readonly TestUser admin = OrganizationsApp.Platform;
    private readonly Guid id = Guid.CreateVersion7();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task A_platform_administrator_makes_a_package_and_everybody_may_read_it()
    {
        var made = await Put(id, Club());

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("\"v1\"", made.Headers.ETag?.Tag);
        var package = await OrganizationsApp.Read<JsonElement>(await app.Send(null, HttpMethod.Get, $"/packages/{id}"));
        Assert.Equal("Club", package.GetProperty("name").GetString());
        Assert.Equal(4_900, package.GetProperty("price").GetInt64());
        Assert.Equal("EUR", package.GetProperty("currency").GetString());
        Assert.Equal("month", package.GetProperty("period").GetString());
        Assert.Equal(3, package.GetProperty("limits").GetProperty("events").GetInt32());
        Assert.False(package.GetProperty("limits").TryGetProperty("staff", out _));
        Assert.Equal(0.5, package.GetProperty("boostFactor").GetDouble());
        var told = await app.Bus.Expect<PackageChanged>();
        Assert.Equal((id, "Club", 4_900L, "EUR", "month", true), (told.PackageId, told.Name, told.Price, told.Currency, told.Period, told.IsOffered));
        Assert.Equal(new PlanLimits(Events: 3), told.Limits);
        Assert.Equal(["Support by telephone"], told.Perks);
    }

    [Fact]
    public async Task Nobody_else_makes_or_withdraws_one()
    {
        await Put(id, Club());

        foreach (var user in (TestUser[])[TestUser.Organizer(Guid.CreateVersion7(), "billing.manage"), TestUser.Participant()])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await app.Send(user, HttpMethod.Put, $"/packages/{Guid.CreateVersion7()}", Club("Other"))).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await app.Send(user, HttpMethod.Delete, $"/packages/{id}")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Send(null, HttpMethod.Delete, $"/packages/{id}")).StatusCode);
    }

    [Fact]
    public async Task The_same_again_changes_nothing_and_a_change_names_the_version_it_was_made_for()
    {
        await Put(id, Club());
        Assert.Equal("\"v1\"", (await Put(id, Club())).Headers.ETag?.Tag);

        Assert.Equal(HttpStatusCode.PreconditionRequired, (await Put(id, Club(price: 5_900))).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Put(id, Club(price: 5_900), "\"v9\"")).StatusCode);
        Assert.Equal("\"v2\"", (await Put(id, Club(price: 5_900), "\"v1\"")).Headers.ETag?.Tag);

        await app.Bus.Expect<PackageChanged>(told => told.Price == 5_900);
        Assert.Equal(2, app.Bus.Messages<PackageChanged>().Count);
    }

    [Fact]
    public async Task A_withdrawn_package_is_not_in_the_list_and_still_there_for_who_has_it()
    {
        var other = Guid.CreateVersion7();
        await Put(id, Club());
        await Put(other, Club("Arena", 19_900));
        Assert.Equal([id, other], await Listed(null, ""));

        Assert.Equal(HttpStatusCode.NoContent, (await app.Send(admin, HttpMethod.Delete, $"/packages/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Send(admin, HttpMethod.Delete, $"/packages/{id}")).StatusCode);

        Assert.Equal([other], await Listed(null, ""));
        Assert.Equal([other], await Listed(null, "?all=true"));
        Assert.Equal([id, other], await Listed(admin, "?all=true"));
        Assert.Equal(HttpStatusCode.OK, (await app.Send(null, HttpMethod.Get, $"/packages/{id}")).StatusCode);
        Assert.False((await app.Bus.Expect<PackageChanged>(told => !told.IsOffered)).IsOffered);
    }

    [Fact]
    public async Task Names_and_the_default_are_had_once()
    {
        await Put(id, Club(isDefault: true));

        Assert.Equal("name-taken", (await OrganizationsApp.Problem(await Put(Guid.CreateVersion7(), Club("cLUB")))).Code);
        Assert.Equal("default-taken", (await OrganizationsApp.Problem(await Put(Guid.CreateVersion7(), Club("Arena", isDefault: true)))).Code);
    }

    [Theory]
    [InlineData("currency", "XXX", "currency")]
    [InlineData("color", "red", "color")]
    [InlineData("price", -1, "price")]
    [InlineData("boostFactor", 10.1, "boostFactor")]
    [InlineData("name", " ", "name")]
    [InlineData("feePackage", "A B", "feePackage")]
    public async Task What_makes_no_sense_is_refused_by_its_field(string field, object value, string named)
    {
        var body = new Dictionary<string, object> { ["name"] = "Club", ["price"] = 1, ["currency"] = "EUR", ["period"] = "month" };
        body[field] = value;

        var answer = await Put(id, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(named, (await OrganizationsApp.Problem(answer)).Errors!.Keys);
    }

    private static object Club(string name = "Club", long price = 4_900, bool isDefault = false) => new
    {
        name, price, currency = "eur", period = "month", limits = new { events = 3 }, perks = new[] { " Support by telephone " }, isDefault,
    };

    private Task<HttpResponseMessage> Put(Guid packageId, object package, string? etag = null) =>
        app.Send(admin, HttpMethod.Put, $"/packages/{packageId}", package, etag);

    private async Task<Guid[]> Listed(TestUser? user, string query) =>
    [
        .. (await OrganizationsApp.Read<JsonElement>(await app.Send(user, HttpMethod.Get, $"/packages/{query}"))).GetProperty("items").EnumerateArray()
            .Select(package => package.GetProperty("packageId").GetGuid()),
    ];
}
