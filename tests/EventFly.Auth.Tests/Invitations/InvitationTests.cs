using System.Net;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Auth;
using EventFly.Contracts.Events;
using EventFly.Contracts.Mail;
using EventFly.Contracts.Organizations;

namespace EventFly.Auth.Tests.Invitations;

public sealed class InvitationTests : IDisposable
{
    private const string Email = "kim@door.example";
    private const string Chosen = "a door opens slowly";

    private readonly AuthApp app = new();
    private readonly Guid organization = Guid.CreateVersion7();
    private readonly Guid staffId = Guid.CreateVersion7();

    public void Dispose() => app.Dispose();

    [Fact]
    public async Task Whoever_is_new_chooses_a_password_with_the_code_and_is_signed_in_with_what_the_role_says()
    {
        await Invite();
        Assert.Equal("wrong-credentials", await AuthApp.CodeOf(await app.TrySignIn(Email)));

        var answer = await Accept(await app.CodeTo(Email, "invitation"), Chosen);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var kim = (await AuthApp.Read<SignedIn>(answer)).Account;
        Assert.Equal((Email, "Kim", organization), (kim.Email, kim.Name, kim.OrganizationId));
        Assert.Equal(["staff"], kim.Roles);
        Assert.Equal([Permissions.CheckinScan], kim.Permissions);
        Assert.Equal(new StaffJoined(organization, staffId, kim.Id), await app.Bus.Expect<StaffJoined>());
        Assert.Equal(organization, (await app.SignIn(Email, Chosen)).Account.OrganizationId);
        Assert.True(CurrentUserOf((await app.SignIn(Email, Chosen)).AccessToken).TryGetPayloadValue<bool>("email_verified", out var verified) && verified);
    }

    [Fact]
    public async Task Whoever_has_an_account_proves_it_with_its_password_and_signs_in_as_always()
    {
        var kim = await app.SignUp(Email);
        await Invite();
        var code = await app.CodeTo(Email, "invitation");

        Assert.Equal((HttpStatusCode.Unauthorized, "wrong-credentials"), await Refusal(await Accept(code, "another password")));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "password-missing"), await Refusal(await Accept(code, null)));
        Assert.Equal(HttpStatusCode.OK, (await Accept(code, AuthApp.Password)).StatusCode);

        var again = await app.SignIn(Email);
        Assert.Equal((kim.Account.Id, organization), (again.Account.Id, again.Account.OrganizationId));
        Assert.Equal(["participant", "staff"], again.Account.Roles);
        Assert.Equal(kim.Account.Id, (await app.Bus.Expect<StaffJoined>()).AccountId);
    }

    [Fact]
    public async Task Whoever_is_signed_in_needs_the_code_alone()
    {
        var kim = await app.SignUp(Email);
        var eve = await app.SignUp("eve@door.example");
        await Invite();
        var code = await app.CodeTo(Email, "invitation");

        Assert.Equal("password-missing", (await Refusal(await app.As(eve, HttpMethod.Post, "invitations/accept", new { email = Email, code }))).Code);
        Assert.Equal(HttpStatusCode.OK, (await app.As(kim, HttpMethod.Post, "invitations/accept", new { email = Email, code })).StatusCode);
        Assert.Equal(organization, (await app.Refresh(kim.RefreshToken)).Account.OrganizationId);
    }

    [Fact]
    public async Task A_code_opens_once_and_only_the_last_one_does()
    {
        await Invite();
        var first = await app.CodeTo(Email, "invitation");
        await Invite(number: 2);
        var last = await app.CodeTo(Email, "invitation", 2);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "code-wrong"), await Refusal(await Accept(first, Chosen)));
        Assert.Equal(HttpStatusCode.Created, (await Accept(last, Chosen)).StatusCode);
        Assert.Equal("code-wrong", (await Refusal(await Accept(last, Chosen))).Code);
        await app.Bus.Expect<StaffJoined>();
        Assert.Single(app.Bus.Messages<StaffJoined>());
    }

    [Fact]
    public async Task Five_wrong_codes_close_an_invitation_and_a_code_is_good_for_a_week()
    {
        await Invite();
        var code = await app.CodeTo(Email, "invitation");
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.Equal("code-wrong", (await Refusal(await Accept("2222-2222", Chosen))).Code);
            app.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Equal("code-wrong", (await Refusal(await Accept(code, Chosen))).Code);
        await Invite(number: 2);
        app.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal("code-wrong", (await Refusal(await Accept(await app.CodeTo(Email, "invitation", 2), Chosen))).Code);
    }

    [Fact]
    public async Task An_invitation_that_was_withdrawn_cannot_be_accepted_whatever_comes_late()
    {
        await Invite();
        var code = await app.CodeTo(Email, "invitation");

        await app.Bus.Say(new StaffRemoved(organization, staffId, null) { At = app.Clock.Now.AddSeconds(5) }, organization.ToString());
        Assert.Equal("code-wrong", (await Refusal(await Accept(code, Chosen))).Code);

        await Invite(number: 2);
        Assert.Single(await app.Mails(Email, "invitation"));
        var other = Guid.CreateVersion7();
        await app.Bus.Say(new StaffRemoved(organization, other, null) { At = app.Clock.Now }, organization.ToString());
        await app.Bus.Say(new StaffInvited(organization, other, Email, "Kim", "Riverside"), organization.ToString());
        Assert.Single(await app.Mails(Email, "invitation"));
    }

    [Fact]
    public async Task What_is_told_twice_and_in_another_order_sends_one_mail_and_gives_what_was_decided_last()
    {
        app.Bus.DeliverTwice = true;
        await Access([Permissions.OrderRead], 2);
        await Invite();
        await Access([Permissions.CheckinScan], 1);

        Assert.Single(await app.Mails(Email, "invitation"));
        var kim = await AuthApp.Read<SignedIn>(await Accept(await app.CodeTo(Email, "invitation"), Chosen));
        Assert.Equal([Permissions.OrderRead], kim.Account.Permissions);
        await app.Bus.Expect<StaffJoined>();
        await app.Bus.Settled();
        Assert.Single(app.Bus.Messages<StaffJoined>());
    }

    [Fact]
    public async Task Two_organisations_invite_one_person_and_each_code_opens_its_own()
    {
        await Invite();
        var first = await app.CodeTo(Email, "invitation");
        var (elsewhere, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await app.Bus.Say(new StaffInvited(elsewhere, other, Email, "Kim", "Elsewhere"), elsewhere.ToString());
        var second = await app.CodeTo(Email, "invitation", 2);

        Assert.Equal(elsewhere, (await AuthApp.Read<SignedIn>(await Accept(second, Chosen))).Account.OrganizationId);
        Assert.Equal(HttpStatusCode.OK, (await Accept(first, Chosen)).StatusCode);
        await app.Bus.Expect<StaffJoined>(said => said.OrganizationId == organization);
        Assert.Equal([elsewhere, organization], app.Bus.Messages<StaffJoined>().Select(said => said.OrganizationId));
    }

    [Fact]
    public async Task Sent_ten_times_at_once_a_code_makes_one_account()
    {
        await Invite();
        var code = await app.CodeTo(Email, "invitation");

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Accept(code, Chosen)));

        await app.Bus.Expect<StaffJoined>();
        await app.Bus.Settled();
        Assert.Single(app.Bus.Messages<StaffJoined>());
        Assert.Equal(organization, (await app.SignIn(Email, Chosen)).Account.OrganizationId);
    }

    [Fact]
    public async Task Nobody_can_take_an_address_by_being_invited_before_its_owner_signs_up()
    {
        await Invite();

        Assert.Equal(Email, (await app.SignUp(Email)).Account.Email);
    }

    [Fact]
    public async Task An_easy_password_is_refused_and_costs_no_code()
    {
        await Invite();
        var code = await app.CodeTo(Email, "invitation");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "password-too-common"), await Refusal(await Accept(code, "password123")));
        Assert.Equal(HttpStatusCode.Created, (await Accept(code, Chosen)).StatusCode);
    }

    [Fact]
    public async Task Neither_address_nor_code_of_an_invitation_leaves_auth_in_clear()
    {
        await Invite();
        var code = await app.CodeTo(Email, "invitation");

        var said = app.Bus.Published.Where(message => message.Subject.StartsWith("eventfly.mail.", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(app.Bus.Messages<MailRequested>());
        Assert.All(said, message =>
        {
            var text = System.Text.Encoding.UTF8.GetString(message.Envelope.Span);
            Assert.DoesNotContain(Email, text, StringComparison.Ordinal);
            Assert.DoesNotContain(code, text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Whoever_is_assigned_to_an_event_is_written_to_once()
    {
        var kim = await app.SignUp(Email);
        await app.Bus.Say(
            new StaffAccessChanged(organization, staffId, kim.Account.Id, "Door", []) { At = app.Clock.Now }, organization.ToString());
        app.Bus.DeliverTwice = true;
        var eventId = Guid.CreateVersion7();
        await app.Bus.Say(
            new EventStaffAssigned(eventId, organization, staffId, kim.Account.Id, "Door", [Permissions.CheckinScan])
            {
                EventName = "Spring Concert", IsNew = true, At = app.Clock.Now,
            },
            eventId.ToString());
        await app.Bus.Say(
            new EventStaffAssigned(eventId, organization, staffId, kim.Account.Id, "Door", []) { EventName = "Spring Concert", At = app.Clock.Now.AddSeconds(1) },
            eventId.ToString(), 2);

        Assert.Contains("Spring Concert", Assert.Single(await app.Mails(Email, "event-staff")).Text, StringComparison.Ordinal);
    }

    private async Task Invite(int number = 1)
    {
        await app.Bus.Say(new StaffInvited(organization, staffId, Email, "Kim", "Riverside Concerts") { Number = number }, organization.ToString(), number);
        if (number == 1)
        {
            await Access([Permissions.CheckinScan], 0);
        }
    }

    private Task Access(string[] permissions, int at) => app.Bus.Say(
        new StaffAccessChanged(organization, staffId, null, "Door", permissions) { At = app.Clock.Now.AddSeconds(at) }, organization.ToString());

    private Task<HttpResponseMessage> Accept(string code, string? password) => app.Post("invitations/accept", new { email = Email, code, password });

    private static Microsoft.IdentityModel.JsonWebTokens.JsonWebToken CurrentUserOf(string token) => new(token);

    private static async Task<(HttpStatusCode Status, string Code)> Refusal(HttpResponseMessage response) => (response.StatusCode, (await AuthApp.Problem(response)).Code);
}
