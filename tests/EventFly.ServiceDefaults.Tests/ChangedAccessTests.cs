using System.Net;
using EventFly.BuildingBlocks.Http;
using EventFly.ServiceDefaults.Tokens;
using EventFly.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.ServiceDefaults.Tests;

public sealed class ChangedAccessTests : IAsyncLifetime
{
    private static readonly Guid Organization = Guid.Parse("0197a000-0000-7000-8000-000000000001");
    private static readonly Guid Event = Guid.Parse("0197a000-0000-7000-8000-000000000002");

    private SampleService service = null!;

    public async ValueTask InitializeAsync() => service = await SampleService.Start();

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task A_permission_that_was_taken_away_is_gone_for_tokens_that_are_out()
    {
        var user = TestUser.Staff(Organization, Permissions.EventEdit);
        Assert.Equal(HttpStatusCode.OK, await Edit(user));

        await Tell(user, null, []);

        Assert.Equal(HttpStatusCode.Forbidden, await Edit(user));
    }

    [Fact]
    public async Task A_permission_that_was_given_holds_for_tokens_that_are_out()
    {
        var user = TestUser.Staff(Organization);
        Assert.Equal(HttpStatusCode.Forbidden, await Edit(user));

        await Tell(user, null, [Permissions.EventEdit]);

        Assert.Equal(HttpStatusCode.OK, await Edit(user));
    }

    [Fact]
    public async Task Whoever_left_an_organisation_acts_for_none_and_holds_nothing_at_its_events()
    {
        var user = TestUser.EventStaff(Organization, Event, Permissions.EventEdit) with { Permissions = [Permissions.EventEdit] };
        await Tell(user, Event, [Permissions.EventEdit]);

        await Tell(user, null, null);

        var me = await Me(user);
        Assert.Equal((null, 0, 0), (me.OrganizationId, me.Permissions.Count, me.EventPermissions.Count));
        Assert.Equal(HttpStatusCode.Forbidden, await Edit(user, Event));
    }

    [Fact]
    public async Task What_is_changed_at_one_event_changes_nothing_at_others()
    {
        var other = Guid.CreateVersion7();
        var user = TestUser.EventStaff(Organization, Event, Permissions.EventEdit);

        await Tell(user, other, [Permissions.EventEdit]);
        Assert.Equal(HttpStatusCode.OK, await Edit(user, Event));
        Assert.Equal(HttpStatusCode.OK, await Edit(user, other));

        await Tell(user, Event, []);
        Assert.Equal(HttpStatusCode.Forbidden, await Edit(user, Event));
        Assert.Equal(HttpStatusCode.OK, await Edit(user, other));
    }

    [Fact]
    public async Task A_token_that_acts_for_another_organisation_stays_as_it_is()
    {
        var user = TestUser.Staff(Organization, Permissions.EventEdit);

        await service.Services.GetRequiredService<ChangedAccess>().Tell(
            new AccessChange(user.Id, Guid.CreateVersion7(), null, null, service.Clock.GetUtcNow()), CancellationToken.None);

        Assert.Equal(HttpStatusCode.OK, await Edit(user));
    }

    [Fact]
    public async Task Of_two_changes_the_later_one_counts_whichever_is_heard_first()
    {
        var user = TestUser.Staff(Organization);
        var now = service.Clock.GetUtcNow();

        await Tell(user, null, [], now);
        await Tell(user, null, [Permissions.EventEdit], now.AddMilliseconds(-1));
        Assert.Equal(HttpStatusCode.Forbidden, await Edit(user));

        await Tell(user, null, [Permissions.EventEdit], now.AddMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, await Edit(user));
    }

    [Fact]
    public async Task An_earlier_change_that_is_told_again_does_not_come_up_when_the_later_one_is_over()
    {
        var user = TestUser.Staff(Organization);
        var first = service.Clock.GetUtcNow();
        await Tell(user, null, [Permissions.EventEdit], first);
        await Tell(user, null, [], first.AddSeconds(1));

        service.Clock.Advance(TimeSpan.FromMinutes(5));
        await Tell(user, null, [Permissions.EventEdit], first);
        service.Clock.Advance(ChangedAccess.Lifetime - TimeSpan.FromMinutes(2));

        Assert.Equal(HttpStatusCode.Forbidden, await Edit(user));
    }

    [Fact]
    public async Task A_change_is_over_when_every_token_of_before_is()
    {
        var user = TestUser.Staff(Organization, Permissions.EventEdit);
        await Tell(user, null, []);

        service.Clock.Advance(ChangedAccess.Lifetime + TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.OK, await Edit(user));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0197a000-0000-7000-8000-000000000002")]
    public void A_change_is_read_as_it_was_written(string? eventId)
    {
        foreach (var held in (string[]?[])[null, [], [Permissions.EventEdit], [.. Permissions.All]])
        {
            var change = new AccessChange(
                Guid.CreateVersion7(), Organization, eventId is null ? null : Guid.Parse(eventId), held, DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_123));

            var read = AccessChange.Read(change.Write());

            Assert.Equal(change with { Permissions = null }, read! with { Permissions = null });
            Assert.Equal(held, read.Permissions);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b c d e")]
    [InlineData("0197a000-0000-7000-8000-000000000002 0197a000-0000-7000-8000-000000000002 x 5 +")]
    [InlineData("0197a000-0000-7000-8000-000000000002 0197a000-0000-7000-8000-000000000002 - soon +")]
    public void What_is_no_change_is_none(string written) => Assert.Null(AccessChange.Read(written));

    private Task Tell(TestUser user, Guid? eventId, string[]? permissions, DateTimeOffset? at = null) =>
        service.Services.GetRequiredService<ChangedAccess>().Tell(
            new AccessChange(user.Id, Organization, eventId, permissions, at ?? service.Clock.GetUtcNow()), CancellationToken.None);

    private async Task<HttpStatusCode> Edit(TestUser user, Guid? eventId = null)
    {
        using var client = service.ClientWith(service.Tokens.For(user));
        var path = eventId is null ? "/api/sample/edits" : $"/api/sample/events/{eventId}/edits";
        return (await client.PostAsync(new Uri(path, UriKind.Relative), null)).StatusCode;
    }

    private async Task<CurrentUser> Me(TestUser user)
    {
        var check = service.Services.GetRequiredService<TokenCheck>();
        return CurrentUser.Of((await check.Check(service.Tokens.For(user), CancellationToken.None))!)!;
    }
}
