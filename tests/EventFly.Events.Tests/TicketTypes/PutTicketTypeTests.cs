using EventFly.Contracts.Events;

namespace EventFly.Events.Tests.TicketTypes;

public sealed class PutTicketTypeTests(EventsApp app) : IClassFixture<EventsApp>
{
    private readonly HttpClient organizer = app.Organizer(Guid.CreateVersion7());
    private readonly Guid typeId = Guid.CreateVersion7();

    [Fact]
    public async Task A_ticket_type_is_added_once_and_repeating_it_is_harmless()
    {
        var path = $"/api/events/{await app.Draft(organizer)}/ticket-types/{typeId}";

        var first = await organizer.Send(HttpMethod.Put, path, EventsApp.Terms());
        var again = await organizer.Send(HttpMethod.Put, path, EventsApp.Terms());

        Assert.Equal(2_500, (await first.Created()).GetProperty("price").GetInt64());
        Assert.Equal(((await first.Created()).ToString(), first.ETag()), ((await again.Ok()).ToString(), again.ETag()));
    }

    [Fact]
    public async Task Terms_are_changed_at_the_version_that_was_read()
    {
        var path = $"/api/events/{await app.Published(organizer)}/ticket-types/{typeId}";
        var tag = (await organizer.Send(HttpMethod.Put, path, EventsApp.Terms())).ETag();

        await (await organizer.Send(HttpMethod.Put, path, EventsApp.Terms(quantity: 7))).Refused(428, "if-match-required");
        var changed = await organizer.Send(HttpMethod.Put, path, EventsApp.Terms(quantity: 7), tag);
        Assert.Equal(7, (await changed.Ok()).GetProperty("quantity").GetInt32());
        await (await organizer.Send(HttpMethod.Put, path, EventsApp.Terms(quantity: 8), tag)).Refused(412, "stale");

        var heard = await app.Bus.Expect<EventChanged>(change => change.TicketTypes.Any(type => type.Quantity == 7));
        Assert.Equal(2, heard.TicketTypes.Count);
    }

    [Fact]
    public async Task Types_added_at_the_same_time_are_all_there()
    {
        var eventId = await app.Draft(organizer);

        var added = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/ticket-types/{Guid.CreateVersion7()}", EventsApp.Terms())));

        Assert.All(added, answer => Assert.Equal(201, (int)answer.StatusCode));
        Assert.Equal(5, (await (await organizer.GetAsync($"/api/events/{eventId}")).Ok()).GetProperty("ticketTypes").GetArrayLength());
    }

    [Fact]
    public async Task A_type_goes_from_a_draft_and_stays_in_what_is_published()
    {
        var draft = await app.Draft(organizer);
        await organizer.Send(HttpMethod.Put, $"/api/events/{draft}/ticket-types/{typeId}", EventsApp.Terms());
        await (await organizer.Send(HttpMethod.Delete, $"/api/events/{draft}/ticket-types/{typeId}")).Is(204);
        await (await organizer.Send(HttpMethod.Delete, $"/api/events/{draft}/ticket-types/{typeId}")).Is(204);

        var published = await app.Published(organizer);
        await organizer.Send(HttpMethod.Put, $"/api/events/{published}/ticket-types/{typeId}", EventsApp.Terms());
        await (await organizer.Send(HttpMethod.Delete, $"/api/events/{published}/ticket-types/{typeId}")).Refused(409, "ticket-type-published");
    }

    [Theory]
    [InlineData("name", "")]
    [InlineData("price", -1)]
    [InlineData("price", 100_000_001L)]
    [InlineData("price", 9_000_000_000_000_000_000L)]
    [InlineData("price", 1.5)]
    [InlineData("price", "5")]
    [InlineData("currency", "XXX")]
    [InlineData("currency", "EURO")]
    [InlineData("currency", null)]
    [InlineData("quantity", 0)]
    [InlineData("quantity", 1_000_001)]
    [InlineData("quantity", 9_000_000_000L)]
    [InlineData("quantity", 2.5)]
    [InlineData("perBuyerLimit", 0)]
    [InlineData("perBuyerLimit", 101)]
    [InlineData("position", -1)]
    [InlineData("salesUntil", "2026-01-01")]
    public async Task Wrong_terms_are_refused_and_their_field_is_named(string field, object? value)
    {
        var terms = EventsApp.Terms();
        terms[field] = value;
        var eventId = await app.Draft(organizer);

        var problem = await (await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/ticket-types/{typeId}", terms)).Is(400);

        Assert.Contains(field, problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task Another_currency_is_refused()
    {
        var eventId = await app.Published(organizer);
        var terms = EventsApp.Terms();
        terms["currency"] = "USD";

        var problem = await (await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/ticket-types/{typeId}", terms)).Refused(409, "currency-differs");

        Assert.True(problem.GetProperty("errors").TryGetProperty("currency", out _));
    }
}
