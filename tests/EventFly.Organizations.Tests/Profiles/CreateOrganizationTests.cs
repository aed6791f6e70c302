using System.Net;
using EventFly.Contracts.Organizations;
using EventFly.Testing;

namespace EventFly.Organizations.Tests.Profiles;

public sealed class CreateOrganizationTests : IDisposable
{
    private static readonly object Full = new
    {
        name = " Riverside Concerts ",
        description = "Four bands,\none river.",
        website = "https://riverside.example/concerts",
        contactEmail = "hello@riverside.example",
        country = "de",
    };

    private readonly OrganizationsApp app = new();
    private readonly TestUser ada = OrganizationsApp.NewOrganizer();
    private readonly Guid id = Guid.CreateVersion7();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task An_organiser_creates_an_organisation_and_everybody_hears_of_it()
    {
        var response = await app.Create(ada, id, Full);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"/api/organizations/{id}", response.Headers.Location?.ToString());
        Assert.Equal("\"v1\"", response.Headers.ETag?.Tag);
        Assert.Equal(
            new Organization(id, "Riverside Concerts", "Four bands,\none river.", "https://riverside.example/concerts", "hello@riverside.example", "DE", app.Clock.Now),
            await OrganizationsApp.Read<Organization>(response));
        Assert.Equal(new OrganizationCreated(id, ada.Id, "Riverside Concerts"), await app.Bus.Expect<OrganizationCreated>());
    }

    [Fact]
    public async Task The_same_request_again_changes_nothing()
    {
        var first = await OrganizationsApp.Read<Organization>(await app.Create(ada, id, Full));
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        var again = await app.Create(ada, id, Full);

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal("\"v1\"", again.Headers.ETag?.Tag);
        Assert.Equal(first, await OrganizationsApp.Read<Organization>(again));
        await app.Bus.Expect<OrganizationCreated>();
        Assert.Single(app.Bus.Messages<OrganizationCreated>());
    }

    [Fact]
    public async Task Sent_ten_times_at_once_it_is_created_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.Create(ada, id, Full)));

        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode));
        await app.Bus.Expect<OrganizationCreated>();
        Assert.Single(app.Bus.Messages<OrganizationCreated>());
    }

    [Fact]
    public async Task Another_profile_under_the_same_id_is_no_repetition()
    {
        await app.Create(ada, id, Full);

        await IsRefused(await app.Create(ada, id, new { name = "Something else" }), "organization-exists");
    }

    [Fact]
    public async Task A_strangers_id_cannot_be_taken()
    {
        await app.Create(ada, id, Full);

        await IsRefused(await app.Create(OrganizationsApp.NewOrganizer(), id, Full), "organization-id-taken");
    }

    [Fact]
    public async Task An_organiser_owns_one_organisation_even_when_creating_two_at_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.Create(ada, Guid.CreateVersion7(), Full)));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Created);
        foreach (var answer in answers.Where(answer => answer.StatusCode is not HttpStatusCode.Created))
        {
            await IsRefused(answer, "already-owner");
        }
    }

    [Fact]
    public async Task Only_organisers_create_organisations()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Create(TestUser.Participant(), id, Full)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Create(TestUser.Staff(Guid.CreateVersion7(), "staff.manage"), id, Full)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Send(null, HttpMethod.Put, $"/{id}", Full)).StatusCode);
    }

    [Theory]
    [InlineData("", null, null, null, "name")]
    [InlineData("\n", null, null, null, "name")]
    [InlineData("Name", "riverside.example", null, null, "website")]
    [InlineData("Name", "javascript:alert(1)", null, null, "website")]
    [InlineData("Name", "https://user:secret@riverside.example", null, null, "website")]
    [InlineData("Name", null, "nobody", null, "contactEmail")]
    [InlineData("Name", null, "a b@c.example", null, "contactEmail")]
    [InlineData("Name", null, null, "XX", "country")]
    [InlineData("Name", null, null, "DEU", "country")]
    public async Task A_profile_must_make_sense(string name, string? website, string? contactEmail, string? country, string field)
    {
        var response = await app.Create(ada, id, new { name, website, contactEmail, country });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal([field], (await OrganizationsApp.Problem(response)).Errors!.Keys);
    }

    [Fact]
    public async Task Only_the_name_is_needed()
    {
        var created = await OrganizationsApp.Read<Organization>(await app.Create(ada, id, new { name = "Riverside", website = " ", description = "" }));

        Assert.Equal(new Organization(id, "Riverside", CreatedAt: app.Clock.Now), created);
    }

    private static async Task IsRefused(HttpResponseMessage response, string code)
    {
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal(code, (await OrganizationsApp.Problem(response)).Code);
    }
}
