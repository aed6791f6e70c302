using EventFly.Contracts.Events;

namespace EventFly.Events.Tests.PromoCodes;

public sealed class PromoCodeTests(EventsApp app) : IClassFixture<EventsApp>
{
    private readonly HttpClient organizer = app.Organizer(Guid.CreateVersion7());
    private readonly Guid codeId = Guid.CreateVersion7();

    [Fact]
    public async Task A_code_is_added_once_shown_to_its_organization_and_announced_by_its_hash()
    {
        var eventId = await app.Published(organizer);
        var path = $"/api/events/{eventId}/promo-codes/{codeId}";

        var first = await organizer.Send(HttpMethod.Put, path, new { code = " jazz-20 ", percentOff = 20, useLimit = 100 });
        var again = await organizer.Send(HttpMethod.Put, path, new { code = "JAZZ-20", percentOff = 20, useLimit = 100 });

        Assert.Equal("JAZZ-20", (await first.Created()).GetProperty("code").GetString());
        Assert.Equal(((await first.Created()).ToString(), first.ETag()), ((await again.Ok()).ToString(), again.ETag()));
        Assert.Equal($"/api/events/{eventId}/promo-codes", first.Headers.Location?.ToString());
        var listed = await (await organizer.GetAsync($"/api/events/{eventId}/promo-codes")).Ok();
        Assert.Equal("JAZZ-20", Assert.Single(listed.GetProperty("items").EnumerateArray()).GetProperty("code").GetString());

        var heard = await app.Bus.Expect<EventChanged>(change => change.EventId == eventId && change.PromoCodes.Count == 1);
        Assert.Equal(
            (codeId, PromoCodeTerms.HashOf(eventId, "Jazz-20"), 20, 100),
            (heard.PromoCodes[0].PromoCodeId, heard.PromoCodes[0].CodeHash, heard.PromoCodes[0].PercentOff, heard.PromoCodes[0].UseLimit));
        Assert.DoesNotContain("JAZZ", heard.ToString() + string.Join(',', heard.PromoCodes), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Nobody_else_ever_sees_a_code()
    {
        var organization = Guid.CreateVersion7();
        var owner = app.Organizer(organization);
        var eventId = await app.Published(owner);
        var codes = $"/api/events/{eventId}/promo-codes";
        await (await owner.Send(HttpMethod.Put, $"{codes}/{codeId}", new { code = "TOPSECRET", percentOff = 20 })).Created();

        Assert.DoesNotContain("TOPSECRET", (await (await app.Anybody.GetAsync($"/api/events/{eventId}")).Ok()).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("TOPSECRET", (await (await app.Anybody.GetAsync("/api/events")).Ok()).ToString(), StringComparison.Ordinal);
        Assert.Equal(401, (int)(await app.Anybody.GetAsync(codes)).StatusCode);
        Assert.Equal(403, (int)(await app.Organizer(organization, "event.edit").GetAsync(codes)).StatusCode);
        await (await organizer.GetAsync(codes)).Refused(404, "event-not-found");
        await (await organizer.Send(HttpMethod.Put, $"{codes}/{codeId}", new { code = "MINE", percentOff = 20 })).Refused(404, "event-not-found");
        await (await organizer.Send(HttpMethod.Delete, $"{codes}/{codeId}")).Refused(404, "event-not-found");
    }

    [Fact]
    public async Task A_code_is_changed_at_the_version_that_was_read_and_taken_away()
    {
        var path = $"/api/events/{await app.Published(organizer)}/promo-codes/{codeId}";
        var tag = (await organizer.Send(HttpMethod.Put, path, new { code = "HALF", percentOff = 50 })).ETag();

        await (await organizer.Send(HttpMethod.Put, path, new { code = "HALF", percentOff = 40 })).Refused(428, "if-match-required");
        Assert.Equal(40, (await (await organizer.Send(HttpMethod.Put, path, new { code = "HALF", percentOff = 40 }, tag)).Ok()).GetProperty("percentOff").GetInt32());
        await (await organizer.Send(HttpMethod.Put, path, new { code = "HALF", percentOff = 30 }, tag)).Refused(412, "stale");
        await (await organizer.Send(HttpMethod.Delete, path, ifMatch: tag)).Refused(412, "stale");
        await (await organizer.Send(HttpMethod.Delete, path)).Is(204);
        await (await organizer.Send(HttpMethod.Delete, path)).Is(204);
    }

    [Fact]
    public async Task An_event_has_each_code_once_whatever_its_capitals()
    {
        var codes = $"/api/events/{await app.Draft(organizer)}/promo-codes";
        await (await organizer.Send(HttpMethod.Put, $"{codes}/{codeId}", new { code = "Vip", percentOff = 50 })).Created();

        var problem = await (await organizer.Send(HttpMethod.Put, $"{codes}/{Guid.CreateVersion7()}", new { code = "vIP", percentOff = 10 })).Refused(409, "code-taken");

        Assert.True(problem.GetProperty("errors").TryGetProperty("code", out _));
    }

    [Fact]
    public async Task A_code_names_ticket_types_of_its_event_only()
    {
        var codes = $"/api/events/{await app.Draft(organizer)}/promo-codes";

        var problem = await (await organizer.Send(HttpMethod.Put, $"{codes}/{codeId}", new { code = "VIP", unlocks = new[] { Guid.CreateVersion7() } })).Refused(422, "ticket-type-unknown");

        Assert.True(problem.GetProperty("errors").TryGetProperty("unlocks[0]", out _));
    }

    [Fact]
    public async Task A_hidden_ticket_type_is_on_no_public_page()
    {
        var eventId = await app.Published(organizer);
        var hidden = EventsApp.Terms(price: 100);
        hidden["hidden"] = true;
        hidden["name"] = "Backstage";
        await (await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/ticket-types/{Guid.CreateVersion7()}", hidden)).Created();

        var seen = await (await app.Anybody.GetAsync($"/api/events/{eventId}")).Ok();
        var own = await (await organizer.GetAsync($"/api/events/{eventId}")).Ok();

        Assert.Equal("Regular", Assert.Single(seen.GetProperty("ticketTypes").EnumerateArray()).GetProperty("name").GetString());
        Assert.Contains(own.GetProperty("ticketTypes").EnumerateArray(), type => type.GetProperty("name").GetString() == "Backstage" && type.GetProperty("hidden").GetBoolean());
        var listed = (await (await app.Anybody.GetAsync("/api/events?limit=200")).Ok()).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("eventId").GetGuid() == eventId);
        Assert.Equal(2_500, listed.GetProperty("priceFrom").GetInt64());
        Assert.True((await app.Bus.Expect<EventChanged>(change => change.EventId == eventId)).TicketTypes.Single(type => type.Price == 100).Hidden);
    }

    [Theory]
    [InlineData("code", "AB", "percentOff", 10, "code")]
    [InlineData("code", "ÄÖÜ", "percentOff", 10, "code")]
    [InlineData("code", "A B C", "percentOff", 10, "code")]
    [InlineData("code", "VIP", "percentOff", 0, "percentOff")]
    [InlineData("code", "VIP", "percentOff", 101, "percentOff")]
    [InlineData("code", "VIP", "amountOff", 0, "amountOff")]
    [InlineData("percentOff", 10, "amountOff", 10, "amountOff")]
    [InlineData("percentOff", 10, "useLimit", 0, "useLimit")]
    [InlineData("percentOff", 10, "perBuyerLimit", 101, "perBuyerLimit")]
    [InlineData("useLimit", 10, "perBuyerLimit", 10, "percentOff")]
    [InlineData("percentOff", 10, "appliesTo", new string[0], "appliesTo")]
    public async Task A_code_that_makes_no_sense_names_its_field(string one, object value, string other, object otherValue, string field)
    {
        var body = new Dictionary<string, object> { ["code"] = "GOOD", [one] = value, [other] = otherValue };
        var eventId = await app.Draft(organizer);

        var problem = await (await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/promo-codes/{codeId}", body)).Is(400);

        Assert.Contains(field, problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task A_window_that_never_opens_is_refused()
    {
        var path = $"/api/events/{await app.Draft(organizer)}/promo-codes/{codeId}";

        var problem = await (await organizer.Send(HttpMethod.Put, path, new { code = "GOOD", percentOff = 5, validFrom = app.Clock.Now, validUntil = app.Clock.Now })).Refused(400, "code-window-empty");

        Assert.True(problem.GetProperty("errors").TryGetProperty("validUntil", out _));
    }
}
