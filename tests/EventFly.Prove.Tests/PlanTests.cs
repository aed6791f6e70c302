using EventFly.Prove.Plan;

namespace EventFly.Prove.Tests;

public sealed class PlanTests
{
    private static readonly ProveOptions Options = new(300, 1_200, 7, 8, null, null);

    [Fact]
    public void A_seed_gives_the_same_plan_again()
    {
        var (one, other) = (RunPlan.Of(Options), RunPlan.Of(Options));

        Assert.Equal(one.Kills, other.Kills);
        Assert.Equal(one.Weather.Select(weather => weather.Name), other.Weather.Select(weather => weather.Name));
        Assert.Equal(one.Buyers.Select(Text), other.Buyers.Select(Text));
        Assert.NotEqual(one.Buyers.Select(Text), RunPlan.Of(Options with { Seed = 8 }).Buyers.Select(Text));
    }

    [Fact]
    public void Every_course_and_every_manner_occurs_and_the_stores_and_the_bus_are_killed_first()
    {
        var plan = RunPlan.Of(Options);

        Assert.Equal(Enum.GetValues<Course>(), plan.Buyers.Select(buyer => buyer.Course).Distinct().Order());
        Assert.Equal(Enum.GetValues<Manner>(), plan.Buyers.Select(buyer => buyer.Manner).Distinct().Order());
        Assert.Equal(["nats", "participants", "payments"], plan.Kills.Take(3).Select(kill => kill.Victim).Order());
        Assert.All(plan.Kills, kill => Assert.InRange(kill.At, TimeSpan.Zero, plan.Length));
    }

    [Fact]
    public void The_types_together_are_more_than_their_quotas_let_through()
    {
        var shop = RunPlan.Of(Options).Shop;

        Assert.All(shop.Quotas, quota => Assert.True(shop.Types.Where(type => type.Quotas.Contains(quota.Id)).Sum(type => type.Quantity) > quota.Capacity));
        Assert.Contains(shop.Types, type => type.Price == 0);
    }

    [Theory]
    [InlineData("--tickets", "none")]
    [InlineData("--buyers", "0")]
    [InlineData("--seed")]
    [InlineData("--break", "everything")]
    [InlineData("--faster", "yes")]
    public void What_is_no_argument_is_refused(params string[] arguments)
    {
        using var said = new StringWriter();

        Assert.Null(ProveOptions.Read(arguments, said));
        Assert.Contains(arguments[0], said.ToString());
    }

    private static string Text(Buyer buyer) =>
        $"{buyer.Number} {buyer.Arrives} {buyer.Account} {buyer.Course} {buyer.Manner} {string.Join(',', buyer.Lines)} {string.Join(',', buyer.Orders)} {buyer.FirstPayment} {buyer.RefundId}";
}
