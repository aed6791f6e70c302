using EventFly.Contracts.Events;

namespace EventFly.Events.Tests.Questions;

public sealed class QuestionTests(EventsApp app) : IClassFixture<EventsApp>
{
    private readonly HttpClient organizer = app.Organizer(Guid.CreateVersion7());
    private readonly Guid questionId = Guid.CreateVersion7();

    [Fact]
    public async Task A_question_is_asked_once_it_is_put_and_repeating_it_is_harmless()
    {
        var eventId = await app.Published(organizer);
        var path = $"/api/events/{eventId}/questions/{questionId}";

        var first = await organizer.Send(HttpMethod.Put, path, Meal());
        var again = await organizer.Send(HttpMethod.Put, path, Meal());

        await first.Created();
        Assert.Equal(first.ETag(), again.ETag());
        Assert.Equal((await first.Created()).ToString(), (await again.Ok()).ToString());
        var heard = await app.Bus.Expect<EventChanged>(change => change.EventId == eventId && change.Questions.Count == 1);
        Assert.Equal(("Which meal?", QuestionKind.One, true), (heard.Questions[0].Text, heard.Questions[0].Kind, heard.Questions[0].Required));
        Assert.Equal(["Vegan", "Fish"], heard.Questions[0].Choices);
    }

    [Fact]
    public async Task Questions_are_asked_in_their_order_and_changed_at_the_version_that_was_read()
    {
        var eventId = await app.Draft(organizer);
        var path = $"/api/events/{eventId}/questions/{questionId}";
        await (await organizer.Send(HttpMethod.Put, path, Meal(position: 2))).Created();
        var tag = (await organizer.Send(HttpMethod.Put, $"/api/events/{eventId}/questions/{Guid.CreateVersion7()}", Text())).ETag();

        await (await organizer.Send(HttpMethod.Put, path, Meal(required: false, position: 2))).Refused(428, "if-match-required");
        await (await organizer.Send(HttpMethod.Put, path, Meal(required: false, position: 2), tag)).Ok();
        await (await organizer.Send(HttpMethod.Put, path, Meal(position: 2), tag)).Refused(412, "stale");

        var read = await (await app.Anybody.GetAsync($"/api/events/{eventId}")).Is(404);
        read = await (await organizer.GetAsync($"/api/events/{eventId}")).Ok();
        Assert.Equal(["Anything else?", "Which meal?"], read.GetProperty("questions").EnumerateArray().Select(question => question.GetProperty("text").GetString()));
        Assert.Equal(500, read.GetProperty("questions")[0].GetProperty("maxLength").GetInt32());
    }

    [Fact]
    public async Task A_removed_question_is_not_shown_any_more_and_its_answers_keep_their_heading()
    {
        var eventId = await app.Published(organizer);
        var path = $"/api/events/{eventId}/questions/{questionId}";
        await (await organizer.Send(HttpMethod.Put, path, Meal())).Created();

        await (await organizer.Send(HttpMethod.Delete, path)).Is(204);
        await (await organizer.Send(HttpMethod.Delete, path)).Is(204);

        Assert.Equal(0, (await (await app.Anybody.GetAsync($"/api/events/{eventId}")).Ok()).GetProperty("questions").GetArrayLength());
        var heard = await app.Bus.Expect<EventChanged>(change => change.EventId == eventId && change.Questions.Any(question => question.Removed));
        Assert.Equal("Which meal?", heard.Questions[0].Text);
        Assert.Equal(2, app.Bus.Messages<EventChanged>().Count(change => change.EventId == eventId));
    }

    [Fact]
    public async Task Answers_may_exist_so_a_published_question_stays_of_its_kind()
    {
        var path = $"/api/events/{await app.Published(organizer)}/questions/{questionId}";
        var tag = (await organizer.Send(HttpMethod.Put, path, Meal())).ETag();

        await (await organizer.Send(HttpMethod.Put, path, Text(), tag)).Refused(409, "kind-fixed");
    }

    [Fact]
    public async Task Only_its_organisation_asks_questions()
    {
        var path = $"/api/events/{await app.Published(organizer)}/questions/{questionId}";

        await (await app.Organizer(Guid.CreateVersion7()).Send(HttpMethod.Put, path, Meal())).Refused(404, "event-not-found");
        await (await app.Organizer(Guid.CreateVersion7(), "ticket.manage").Send(HttpMethod.Put, path, Meal())).Is(403);
    }

    [Theory]
    [InlineData("text", "", 400)]
    [InlineData("text", "two\nlines", 400)]
    [InlineData("kind", "guess", 400)]
    [InlineData("maxLength", 10, 400)]
    [InlineData("choices", new[] { "Vegan" }, 400)]
    [InlineData("choices", new[] { "Vegan", "vegan" }, 400)]
    [InlineData("choices", new[] { "Vegan", " " }, 400)]
    [InlineData("ticketTypeIds", new[] { "0190c0de-0000-7000-8000-000000000003" }, 422)]
    [InlineData("position", -1, 400)]
    public async Task A_question_that_makes_no_sense_is_refused_and_its_field_is_named(string field, object value, int status)
    {
        var body = Meal();
        body[field] = value;

        var problem = await (await organizer.Send(HttpMethod.Put, $"/api/events/{await app.Draft(organizer)}/questions/{questionId}", body)).Is(status);

        Assert.Contains(field, problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task What_may_be_done_after_the_sale_is_announced()
    {
        var eventId = await app.Published(organizer);
        var path = $"/api/events/{eventId}/after-sale";
        var tag = (await organizer.GetAsync($"/api/events/{eventId}")).ETag();
        var wanted = new { transfers = false, changesUntilHours = 2, cancellationUntilHours = 48, cancellationFeePercent = 10 };

        await (await organizer.Send(HttpMethod.Put, path, wanted)).Refused(428, "if-match-required");
        await (await organizer.Send(HttpMethod.Put, path, wanted, tag)).Ok();
        await (await organizer.Send(HttpMethod.Put, path, wanted)).Ok();

        var heard = await app.Bus.Expect<EventChanged>(change => change.EventId == eventId);
        Assert.Equal(new AfterSaleTerms { Transfers = false, ChangesUntilHours = 2, CancellationUntilHours = 48, CancellationFeePercent = 10 }, heard.AfterSale);
        await (await organizer.Send(HttpMethod.Put, path, wanted with { cancellationFeePercent = 101 }, tag)).Is(400);
    }

    private static Dictionary<string, object?> Meal(bool required = true, int position = 0) => new()
    {
        ["text"] = " Which meal? ", ["kind"] = "one", ["required"] = required, ["choices"] = new[] { "Vegan", "Fish" }, ["position"] = position,
    };

    private static Dictionary<string, object?> Text() => new() { ["text"] = "Anything else?", ["kind"] = "text", ["required"] = false, ["position"] = 1 };
}
