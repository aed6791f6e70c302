using EventFly.Participants.Inventory;

namespace EventFly.Participants.Tests.Inventory;

public sealed class PricingTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Seat = Guid.Parse("5ea75ea7-0000-7000-8000-000000000001");
    private static readonly Guid Box = Guid.Parse("b0cb0cb0-0000-7000-8000-000000000001");

    private static readonly PriceRule EarlyBird = new(
        [new PriceTier("First", 1000, Now.AddDays(1), 3), new PriceTier("Early", 1500, Now.AddDays(2), 5)], null);

    private static readonly PriceRule Demand = new([], new DemandPricing(1000, 4000, [new(50, 3000), new(80, 4000)]));

    [Theory]
    [InlineData(0, 0, 1000, "First")]
    [InlineData(2, 0, 1000, "First")]
    [InlineData(3, 0, 1500, "Early")]
    [InlineData(4, 0, 1500, "Early")]
    [InlineData(5, 0, 2000, null)]
    [InlineData(0, 24, 1500, "Early")]
    [InlineData(4, 47, 1500, "Early")]
    [InlineData(0, 48, 2000, null)]
    public void The_first_tier_that_has_not_ended_makes_the_price(int taken, int hours, long price, string? tier) =>
        Assert.Equal(new Quote(price, tier), Pricing.At(Type(EarlyBird), taken, Now.AddHours(hours)));

    [Fact]
    public void A_tier_ends_exactly_at_its_time()
    {
        Assert.Equal(1000, Pricing.At(Type(EarlyBird), 0, Now.AddDays(1).AddTicks(-1)).Price);
        Assert.Equal(1500, Pricing.At(Type(EarlyBird), 0, Now.AddDays(1)).Price);
    }

    [Theory]
    [InlineData(0, 2000, null)]
    [InlineData(4, 2000, null)]
    [InlineData(5, 3000, 50)]
    [InlineData(7, 3000, 50)]
    [InlineData(8, 4000, 80)]
    [InlineData(10, 4000, 80)]
    public void A_demand_step_begins_once_its_share_is_taken(int taken, long price, int? from) =>
        Assert.Equal(new Quote(price, null, from), Pricing.At(Type(Demand, quantity: 10), taken, Now));

    [Fact]
    public void A_share_that_is_no_whole_ticket_is_reached_with_the_next_one()
    {
        Assert.Equal(2000, Pricing.At(Type(Demand, quantity: 3), 1, Now).Price);
        Assert.Equal(3000, Pricing.At(Type(Demand, quantity: 3), 2, Now).Price);
        Assert.Equal(3000, Pricing.At(Type(Demand, quantity: 1_000_000), 500_000, Now).Price);
    }

    [Fact]
    public void The_price_stays_within_what_was_announced_whatever_the_steps_say()
    {
        var wrong = new PriceRule([], new DemandPricing(1500, 2500, [new(10, 9999)]));

        Assert.Equal(2500, Pricing.At(Type(wrong, quantity: 10), 5, Now).Price);
        Assert.Equal(1500, Pricing.At(Type(wrong, quantity: 10) with { Price = 1 }, 0, Now).Price);
    }

    [Fact]
    public void Each_ticket_of_a_party_pays_the_price_of_its_place() => Assert.Equal(
        [
            new HeldLine(Seat, "Seat", 2, 1000) { Tier = "First" },
            new HeldLine(Seat, "Seat", 2, 1500) { Tier = "Early" },
            new HeldLine(Seat, "Seat", 3, 2000),
        ],
        Pricing.Lines(Type(EarlyBird), taken: 1, quantity: 7, null, Now));

    [Fact]
    public void A_fixed_price_is_one_line() => Assert.Equal([new HeldLine(Seat, "Seat", 100, 2000)], Pricing.Lines(Type(null), 50, 100, null, Now));

    [Theory]
    [InlineData(990, 15, 841)]
    [InlineData(999, 15, 849)]
    [InlineData(10, 5, 9)]
    [InlineData(30, 5, 28)]
    [InlineData(1, 50, 0)]
    [InlineData(1, 49, 1)]
    [InlineData(0, 50, 0)]
    [InlineData(2000, 100, 0)]
    [InlineData(100_000_000, 99, 1_000_000)]
    public void A_percentage_is_rounded_to_the_nearest_unit_and_a_half_goes_to_the_buyer(long price, int percent, long expected) =>
        Assert.Equal(expected, Pricing.Discounted(price, Code(percentOff: percent)));

    [Theory]
    [InlineData(2000, 500, 1500)]
    [InlineData(500, 500, 0)]
    [InlineData(300, 500, 0)]
    public void A_fixed_discount_never_makes_a_price_negative(long price, long off, long expected) =>
        Assert.Equal(expected, Pricing.Discounted(price, Code(amountOff: off)));

    [Fact]
    public void A_discount_is_taken_off_the_price_of_the_place_and_the_list_price_is_remembered()
    {
        var code = Code(percentOff: 10);

        Assert.Equal(
            [
                new HeldLine(Seat, "Seat", 1, 1350) { ListPrice = 1500, Tier = "Early", CodeId = code.CodeId },
                new HeldLine(Seat, "Seat", 1, 1800) { ListPrice = 2000, CodeId = code.CodeId },
            ],
            Pricing.Lines(Type(EarlyBird), taken: 4, quantity: 2, code, Now));
    }

    [Fact]
    public void A_code_for_other_tickets_changes_nothing_and_is_not_used()
    {
        Assert.Equal([new HeldLine(Seat, "Seat", 2, 2000)], Pricing.Lines(Type(null), 0, 2, Code(percentOff: 10, appliesTo: [Box]), Now));
        Assert.Equal([new HeldLine(Seat, "Seat", 2, 2000)], Pricing.Lines(Type(null), 0, 2, Code(unlocks: [Seat]), Now));
    }

    [Fact]
    public void A_code_that_unlocks_is_used_at_the_full_price()
    {
        var code = Code(unlocks: [Seat]);

        Assert.Equal([new HeldLine(Seat, "Seat", 2, 2000) { CodeId = code.CodeId }], Pricing.Lines(Type(null) with { Hidden = true }, 0, 2, code, Now));
    }

    [Fact]
    public void What_comes_next_is_told_by_the_clock_and_by_the_count()
    {
        Assert.Equal([new PriceAhead(1500, Now.AddDays(1), null), new PriceAhead(1500, null, 2)], Pricing.Ahead(Type(EarlyBird), 1, Now));
        Assert.Equal([new PriceAhead(2000, Now.AddDays(2), null), new PriceAhead(2000, null, 1)], Pricing.Ahead(Type(EarlyBird), 4, Now));
        Assert.Empty(Pricing.Ahead(Type(EarlyBird), 5, Now));
        Assert.Equal([new PriceAhead(3000, null, 5)], Pricing.Ahead(Type(Demand, quantity: 10), 0, Now));
        Assert.Empty(Pricing.Ahead(Type(Demand, quantity: 10), 8, Now));
        Assert.Empty(Pricing.Ahead(Type(null), 0, Now));
    }

    private static TicketTerms Type(PriceRule? rule, int quantity = 100) => new(Seat, "Seat", 2000, "EUR", quantity, null, null, null) { PriceRule = rule };

    private static CodeTerms Code(int? percentOff = null, long? amountOff = null, Guid[]? appliesTo = null, Guid[]? unlocks = null) =>
        new(Guid.Parse("c0dec0de-0000-7000-8000-000000000001"), "hash", percentOff, amountOff, appliesTo, unlocks ?? [], null, null, null, null);
}
