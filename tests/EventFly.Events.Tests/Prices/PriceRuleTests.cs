using System.Text.Json;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Decisions;
using EventFly.Contracts.Events;
using EventFly.Events.Events;
using static EventFly.Events.Tests.Events.Given;

namespace EventFly.Events.Tests.Prices;

public sealed class PriceRuleTests(EventsApp app) : IClassFixture<EventsApp>
{
    private static readonly PriceRule EarlyBird = new(
        [new PriceTier("Super early", 1_500, Now.AddDays(1), 20), new PriceTier("Early", 2_000, null, 50)], null);

    private static readonly PriceRule Demand = new([], new DemandPricing(2_000, 4_000, [new(50, 3_000), new(80, 4_000)]));

    private readonly HttpClient organizer = app.Organizer(Guid.CreateVersion7());
    private readonly Guid typeId = Guid.CreateVersion7();

    [Fact]
    public void Early_prices_lead_up_to_the_own_price_and_demand_leads_away_from_it()
    {
        Assert.Null(EarlyBird.Checked().Refusal);
        Assert.Null(EarlyBird.RefuseWith(2_000));
        Assert.Equal("tier-above-price", EarlyBird.RefuseWith(1_999)!.Code);
        Assert.Null(Demand.Checked().Refusal);
        Assert.Null(Demand.RefuseWith(3_000));
        Assert.Equal("step-prices-fall", Demand.RefuseWith(3_001)!.Code);
        Assert.Equal("price-out-of-bounds", Demand.RefuseWith(1_999)!.Code);
        Assert.Equal("price-out-of-bounds", Demand.RefuseWith(4_001)!.Code);
    }

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void A_rule_that_makes_no_sense_names_its_field(string rule, string code, string field)
    {
        var (accepted, refusal) = JsonSerializer.Deserialize<PriceRule>(rule, EventFlyJson.Options)!.Checked();

        Assert.Null(accepted);
        Assert.Equal((RefusalKind.Invalid, code, field), (refusal!.Kind, refusal.Code, refusal.Field));
    }

    public static TheoryData<string, string, string> Nonsense => new()
    {
        { """{"tiers":[]}""", "price-rule-empty", "tiers" },
        { """{"tiers":[{"name":"E","price":1,"untilSold":1}],"demand":{"floor":1,"ceiling":2,"steps":[{"fromPercent":50,"price":2}]}}""", "price-rule-ambiguous", "demand" },
        { """{"tiers":[{"name":" ","price":1,"untilSold":1}]}""", "name-invalid", "tiers[0].name" },
        { """{"tiers":[{"name":"E","price":-1,"untilSold":1}]}""", "price-out-of-range", "tiers[0].price" },
        { """{"tiers":[{"name":"E","price":1}]}""", "tier-endless", "tiers[0].until" },
        { """{"tiers":[{"name":"E","price":1,"untilSold":0}]}""", "count-out-of-range", "tiers[0].untilSold" },
        { """{"tiers":[{"name":"E","price":2,"untilSold":1},{"name":"F","price":1,"untilSold":2}]}""", "tier-prices-fall", "tiers[1].price" },
        { """{"tiers":[{"name":"E","price":1,"untilSold":5},{"name":"F","price":1,"untilSold":5}]}""", "tiers-out-of-order", "tiers[1].untilSold" },
        { """{"tiers":[{"name":"E","price":1,"until":"2026-06-01T00:00:00Z"},{"name":"F","price":1,"untilSold":5},{"name":"G","price":1,"until":"2026-06-01T02:00:00+02:00"}]}""", "tiers-out-of-order", "tiers[2].until" },
        { """{"tiers":[],"demand":{"floor":-1,"ceiling":2,"steps":[{"fromPercent":50,"price":2}]}}""", "price-out-of-range", "demand.floor" },
        { """{"tiers":[],"demand":{"floor":3,"ceiling":2,"steps":[{"fromPercent":50,"price":2}]}}""", "price-out-of-range", "demand.ceiling" },
        { """{"tiers":[],"demand":{"floor":1,"ceiling":2,"steps":[]}}""", "steps-miscounted", "demand.steps" },
        { """{"tiers":[],"demand":{"floor":1,"ceiling":2,"steps":[{"fromPercent":0,"price":2}]}}""", "steps-out-of-order", "demand.steps[0].fromPercent" },
        { """{"tiers":[],"demand":{"floor":1,"ceiling":2,"steps":[{"fromPercent":100,"price":2}]}}""", "steps-out-of-order", "demand.steps[0].fromPercent" },
        { """{"tiers":[],"demand":{"floor":1,"ceiling":2,"steps":[{"fromPercent":50,"price":3}]}}""", "price-out-of-bounds", "demand.steps[0].price" },
        { """{"tiers":[],"demand":{"floor":1,"ceiling":9,"steps":[{"fromPercent":50,"price":5},{"fromPercent":60,"price":4}]}}""", "step-prices-fall", "demand.steps[1].price" },
    };

    [Fact]
    public void Announced_bounds_are_narrowed_and_never_widened_or_taken_away()
    {
        var type = TicketType(price: 2_500);
        var draft = Draft(null, type).SetPriceRule(type.TicketTypeId, Demand).Body!;
        var published = draft.Publish(Now).Body!;
        PriceRule Bounds(long floor, long ceiling) => new([], new DemandPricing(floor, ceiling, [new(50, ceiling)]));

        Assert.Equal("bounds-announced", published.SetPriceRule(type.TicketTypeId, Bounds(2_000, 4_001)).Refusal!.Code);
        Assert.Equal("bounds-announced", published.SetPriceRule(type.TicketTypeId, Bounds(1_999, 4_000)).Refusal!.Code);
        Assert.Equal("bounds-announced", published.SetPriceRule(type.TicketTypeId, null).Refusal!.Code);
        Assert.Equal("bounds-announced", published.SetPriceRule(type.TicketTypeId, EarlyBird).Refusal!.Code);
        Assert.Equal("price-out-of-bounds", published.SetTicketType(published.TicketTypes[0] with { Price = 4_001 }).Refusal!.Code);
        Assert.Null(published.SetPriceRule(type.TicketTypeId, Bounds(2_100, 3_900)).Refusal);
        Assert.Null(draft.SetPriceRule(type.TicketTypeId, null).Refusal);
    }

    [Fact]
    public async Task A_rule_is_set_at_the_version_that_was_read_and_survives_an_edit_of_its_ticket_type()
    {
        var eventId = await app.Published(organizer);
        var type = $"/api/events/{eventId}/ticket-types/{typeId}";
        var tag = (await organizer.Send(HttpMethod.Put, type, EventsApp.Terms())).ETag();
        var rule = new { tiers = new[] { new { name = "Early", price = 2_000, untilSold = 10 } } };

        await (await organizer.Send(HttpMethod.Put, $"{type}/price-rule", rule)).Refused(428, "if-match-required");
        await (await organizer.Send(HttpMethod.Put, $"{type}/price-rule", rule, "\"v1\"")).Refused(412, "stale");
        var set = await organizer.Send(HttpMethod.Put, $"{type}/price-rule", rule, tag);
        Assert.Equal(2_000, (await set.Ok()).GetProperty("priceRule").GetProperty("tiers")[0].GetProperty("price").GetInt64());
        Assert.Equal(set.ETag(), (await organizer.Send(HttpMethod.Put, $"{type}/price-rule", rule)).ETag());

        var problem = await (await organizer.Send(HttpMethod.Put, type, EventsApp.Terms(price: 1_000), set.ETag())).Refused(422, "tier-above-price");
        Assert.True(problem.GetProperty("errors").TryGetProperty("price", out _));
        var edited = await (await organizer.Send(HttpMethod.Put, type, EventsApp.Terms(price: 3_000), set.ETag())).Ok();
        Assert.Equal("Early", edited.GetProperty("priceRule").GetProperty("tiers")[0].GetProperty("name").GetString());

        var heard = await app.Bus.Expect<EventChanged>(change => change.EventId == eventId && change.TicketTypes.Any(type => type.Price == 3_000));
        Assert.Equal([new PriceTierTerms("Early", 2_000, null, 10)], heard.TicketTypes.Single(type => type.TicketTypeId == typeId).PriceRule!.Tiers);
        var seen = await (await app.Anybody.GetAsync($"/api/events/{eventId}")).Ok();
        Assert.Contains("\"untilSold\":10", seen.ToString(), StringComparison.Ordinal);

        await (await organizer.Send(HttpMethod.Delete, $"{type}/price-rule")).Is(204);
        await (await organizer.Send(HttpMethod.Delete, $"{type}/price-rule")).Is(204);
        Assert.DoesNotContain("priceRule", (await (await app.Anybody.GetAsync($"/api/events/{eventId}")).Ok()).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_those_who_manage_tickets_of_the_organization_set_prices()
    {
        var organization = Guid.CreateVersion7();
        var owner = app.Organizer(organization);
        var type = $"/api/events/{await app.Draft(owner)}/ticket-types/{typeId}";
        var tag = (await owner.Send(HttpMethod.Put, type, EventsApp.Terms())).ETag();
        var rule = new { demand = new { floor = 2_000, ceiling = 4_000, steps = new[] { new { fromPercent = 50, price = 4_000 } } } };

        Assert.Equal(401, (int)(await app.Anybody.Send(HttpMethod.Put, $"{type}/price-rule", rule, tag)).StatusCode);
        Assert.Equal(403, (int)(await app.Organizer(organization, "event.edit").Send(HttpMethod.Put, $"{type}/price-rule", rule, tag)).StatusCode);
        await (await organizer.Send(HttpMethod.Put, $"{type}/price-rule", rule, tag)).Refused(404, "event-not-found");
        await (await organizer.Send(HttpMethod.Delete, $"{type}/price-rule")).Refused(404, "event-not-found");
        await (await owner.Send(HttpMethod.Put, $"{type}/price-rule", rule, tag)).Ok();
    }
}
