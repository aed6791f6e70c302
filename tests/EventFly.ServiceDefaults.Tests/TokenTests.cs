using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventFly.BuildingBlocks.Http;
using EventFly.Testing;
using EventFly.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.ServiceDefaults.Tests;

public sealed class TokenTests : IAsyncLifetime
{
    private static readonly Guid Organization = Guid.Parse("0197a000-0000-7000-8000-000000000001");

    private SampleService service = null!;

    public async ValueTask InitializeAsync() => service = await SampleService.Start();

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_good_token_says_who_calls()
    {
        var user = TestUser.Organizer(Organization, "event.edit", "event.create");
        using var client = service.ClientWith(service.Tokens.For(user));

        var me = await client.GetFromJsonAsync<JsonElement>("/api/sample/me");

        Assert.Equal(user.Id, me.GetProperty("id").GetGuid());
        Assert.Equal(user.SessionId.ToString(), me.GetProperty("sessionId").GetString());
        Assert.Equal(Organization, me.GetProperty("organizationId").GetGuid());
        Assert.Equal(["organizer"], me.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal(["event.create", "event.edit"], me.GetProperty("permissions").EnumerateArray().Select(permission => permission.GetString()).Order());
    }

    [Fact]
    public async Task An_anonymous_caller_is_nobody_where_anonymous_callers_are_allowed()
    {
        Assert.Equal("{}", await service.Client.GetStringAsync("/api/sample/who"));
    }

    [Theory]
    [InlineData("/api/sample/tickets", "participant", 200)]
    [InlineData("/api/sample/tickets", "organizer", 403)]
    [InlineData("/api/sample/portal", "organizer", 200)]
    [InlineData("/api/sample/portal", "participant", 403)]
    [InlineData("/api/sample/any", "participant", 200)]
    public async Task An_endpoint_is_for_those_it_names(string path, string role, int status)
    {
        var user = role == "participant" ? TestUser.Participant() : TestUser.Organizer(Organization);
        using var client = service.ClientWith(service.Tokens.For(user));

        Assert.Equal(status, (int)(await client.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData("event.edit", 200)]
    [InlineData("event.editor", 403)]
    [InlineData("event", 403)]
    public async Task A_permission_must_be_the_very_one(string permission, int status)
    {
        using var client = service.ClientWith(service.Tokens.ForStaff(Organization, permission));

        Assert.Equal(status, (int)(await client.PostAsync(new Uri("/api/sample/edits", UriKind.Relative), null)).StatusCode);
    }

    [Fact]
    public async Task A_permission_for_one_event_holds_at_that_event_alone()
    {
        var (here, elsewhere) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        using var client = service.ClientWith(service.Tokens.For(TestUser.EventStaff(Organization, here, Permissions.CheckinScan, Permissions.EventEdit)));

        Assert.Equal(HttpStatusCode.OK, await Edit($"/api/sample/events/{here}/edits"));
        Assert.Equal(HttpStatusCode.Forbidden, await Edit($"/api/sample/events/{elsewhere}/edits"));
        Assert.Equal(HttpStatusCode.Forbidden, await Edit($"/api/sample/edits?eventId={here}"));

        async Task<HttpStatusCode> Edit(string path) => (await client.PostAsync(new Uri(path, UriKind.Relative), null)).StatusCode;
    }

    [Fact]
    public async Task A_permission_in_the_organisation_holds_at_every_event()
    {
        using var client = service.ClientWith(service.Tokens.ForStaff(Organization, Permissions.EventEdit));

        var answer = await client.PostAsync(new Uri($"/api/sample/events/{Guid.CreateVersion7()}/edits", UriKind.Relative), null);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_says_whether_the_address_is_verified(bool verified)
    {
        using var client = service.ClientWith(service.Tokens.For(TestUser.Participant() with { IsEmailVerified = verified }));

        var me = await client.GetFromJsonAsync<JsonElement>("/api/sample/me");

        Assert.Equal(verified, me.GetProperty("isEmailVerified").GetBoolean());
    }

    [Theory]
    [InlineData("eperms", "no-uuid event.edit")]
    [InlineData("eperms", "")]
    [InlineData("eperms", 7L)]
    [InlineData("email_verified", "perhaps")]
    public async Task A_claim_that_makes_no_sense_gives_nobody_anything(string claim, object value)
    {
        var payload = service.Tokens.PayloadOf(TestUser.Staff(Organization));
        payload[claim] = value;
        if (claim != "email_verified")
        {
            payload["email_verified"] = false;
        }

        using var client = service.ClientWith(service.Tokens.Sign(payload));
        var me = await client.GetFromJsonAsync<JsonElement>("/api/sample/me");

        Assert.False(me.GetProperty("isEmailVerified").GetBoolean());
        Assert.Equal(0, me.GetProperty("eventPermissions").GetArrayLength());
    }

    [Fact]
    public async Task A_service_does_not_start_with_an_endpoint_that_does_not_say_who_may_call_it()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => SampleService.Start(map: app => app.MapGet("/api/sample/silent", () => TypedResults.Ok()).RequireAuthorization()));

        Assert.StartsWith("Say who may call HTTP: GET /api/sample/silent:", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iss", "somebody")]
    [InlineData("aud", "somebody")]
    [InlineData("exp", 1000L)]
    [InlineData("exp", "soon")]
    [InlineData("nbf", 99999999999L)]
    [InlineData("sub", "no-uuid")]
    [InlineData("sub", 7L)]
    [InlineData("sid", null)]
    [InlineData("exp", null)]
    public async Task A_token_with_a_wrong_claim_is_refused(string claim, object? value)
    {
        var payload = service.Tokens.PayloadOf(TestUser.Participant());
        payload.Remove(claim);
        if (value is not null)
        {
            payload[claim] = value;
        }

        await IsRefused(service.Tokens.Sign(payload));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.")]
    [InlineData("null.null.null")]
    [InlineData("eyJhbGciOiJFUzI1NiIsImtpZCI6InRlc3Qta2V5In0.W10.AAAA")]
    [InlineData("%00%ff")]
    public Task A_malformed_token_is_refused(string token) => IsRefused(token);

    [Fact]
    public Task A_very_long_token_is_refused() => IsRefused(new string('a', 17_000));

    [Fact]
    public async Task A_tampered_token_is_refused()
    {
        var token = service.Tokens.ForParticipant();
        var parts = token.Split('.');
        var other = service.Tokens.ForParticipant().Split('.');

        await IsRefused($"{parts[0]}.{other[1]}.{parts[2]}");
    }

    [Fact]
    public async Task A_token_of_another_issuers_key_is_refused_even_under_our_keys_name()
    {
        using var stranger = new TestTokens(service.Clock, service.Tokens.Kid);

        await IsRefused(stranger.ForParticipant());
    }

    [Fact]
    public async Task A_remembered_token_is_refused_once_it_has_expired()
    {
        using var client = service.ClientWith(service.Tokens.ForParticipant());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/api/sample/me", UriKind.Relative))).StatusCode);
        Assert.Equal(1, service.Services.GetRequiredService<TokenMemory>().Count);

        service.Clock.Advance(TimeSpan.FromSeconds(604));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/api/sample/me", UriKind.Relative))).StatusCode);

        service.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/api/sample/me", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_remembered_token_is_refused_once_its_session_is_revoked()
    {
        var user = TestUser.Participant();
        using var client = service.ClientWith(service.Tokens.For(user));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/api/sample/me", UriKind.Relative))).StatusCode);

        await service.Services.GetRequiredService<RevokedSessions>().Revoke(user.SessionId.ToString(), TimeSpan.FromMinutes(10), CancellationToken.None);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri("/api/sample/me", UriKind.Relative))).StatusCode);
    }

    private async Task IsRefused(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/sample/me");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        var answer = await service.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        Assert.Equal("invalid-token", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }
}
