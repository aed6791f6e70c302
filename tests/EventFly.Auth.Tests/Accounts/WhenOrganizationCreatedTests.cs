using EventFly.Contracts.Organizations;
using Microsoft.IdentityModel.JsonWebTokens;

namespace EventFly.Auth.Tests.Accounts;

public sealed class WhenOrganizationCreatedTests : IDisposable
{
    private static readonly Guid Organization = Guid.Parse("0197a000-0000-7000-8000-000000000001");

    private readonly AuthApp app = new();

    public void Dispose() => app.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_owners_next_token_carries_the_organisation_and_every_permission(bool twice)
    {
        app.Bus.DeliverTwice = twice;
        var ada = await app.SignUp("ada@example.org", "organizers");

        await app.Bus.Say(new OrganizationCreated(Organization, ada.Account.Id, "Analytical"), Organization.ToString());

        var me = await AuthApp.Read<AccountBody>(await app.Me(ada));
        Assert.Equal(Organization, me.OrganizationId);
        var token = new JsonWebToken((await app.Refresh(ada.RefreshToken)).AccessToken);
        Assert.Equal(Organization.ToString(), token.GetPayloadValue<string>("org"));
        Assert.Equal(
            ["event.edit", "ticket.manage", "order.read", "order.refund", "checkin.scan", "feed.moderate", "staff.manage", "billing.manage", "analytics.read"],
            token.GetPayloadValue<string[]>("perms"));
        Assert.Equal(0, await app.Bus.Count(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nobody_else_becomes_a_member()
    {
        var ada = await app.SignUp("ada@example.org", "organizers");
        var eve = await app.SignUp("eve@example.org", "organizers");

        await app.Bus.Say(new OrganizationCreated(Organization, ada.Account.Id, "Analytical"), Organization.ToString());

        Assert.Null((await app.Refresh(eve.RefreshToken)).Account.OrganizationId);
    }

    [Fact]
    public async Task An_organisation_of_somebody_unknown_is_tried_again_and_never_forgotten()
    {
        await app.SignUp("ada@example.org", "organizers");

        await app.Bus.Say(new OrganizationCreated(Organization, Guid.CreateVersion7(), "Nobody's"), Organization.ToString());

        var letter = Assert.Single(await app.Bus.List("auth", 0, 10, TestContext.Current.CancellationToken));
        Assert.True(letter.Attempts > 1);
    }

    [Fact]
    public async Task A_second_organisation_does_not_replace_the_first()
    {
        var ada = await app.SignUp("ada@example.org", "organizers");
        await app.Bus.Say(new OrganizationCreated(Organization, ada.Account.Id, "Analytical"), Organization.ToString());

        var other = Guid.CreateVersion7();
        await app.Bus.Say(new OrganizationCreated(other, ada.Account.Id, "Another"), other.ToString());

        Assert.Equal(Organization, (await app.Refresh(ada.RefreshToken)).Account.OrganizationId);
        Assert.Equal(1, await app.Bus.Count(TestContext.Current.CancellationToken));
    }
}
