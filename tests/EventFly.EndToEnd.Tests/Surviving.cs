namespace EventFly.EndToEnd.Tests;

/// <summary>Any process may be killed at any moment: who was buying gets the tickets, once, and pays once.</summary>
public sealed class Surviving(RunningEventFly eventFly) : IClassFixture<RunningEventFly>
{
    [Theory]
    [InlineData("participants")]
    [InlineData("payments")]
    [InlineData("nats")]
    [InlineData("redis")]
    [InlineData("gateway")]
    [InlineData("events")]
    [InlineData("auth")]
    [InlineData("organizations")]
    public async Task A_purchase_finishes_when_it_is_killed_in_the_middle(string victim)
    {
        var shop = new Shop(eventFly.App);
        await shop.Open(tickets: 10);
        var buyer = await shop.NewBuyer();
        await buyer.Hold(2);
        await buyer.Order(2);

        var paying = buyer.Pay();
        await eventFly.App.KillAsync(victim);
        await eventFly.App.CommandAsync(victim, "start");

        Assert.Equal("succeeded", (await paying).GetProperty("status").GetString());
        await buyer.Confirmed();
        Assert.Equal(2, await buyer.Tickets(2));
        Assert.Equal(8, await shop.Free());
        Assert.Equal([("charge", 5_000L)], (await shop.Movements())[buyer.OrderId]);
        await eventFly.AwaitHealthy();
    }

    [Fact]
    public async Task Nothing_paid_is_lost_when_one_after_the_other_is_killed_during_a_rush()
    {
        const int buyers = 24;
        var shop = new Shop(eventFly.App);
        await shop.Open(tickets: 3 * buyers);

        // Signing up is no part of a rush: it costs a password hash, and a repeated one is refused.
        List<Shop.Buyer> everybody = [];
        while (everybody.Count < buyers) everybody.Add(await shop.NewBuyer());

        var purchases = everybody.Select(async buyer =>
        {
            await buyer.Hold(3);
            await buyer.Order(3);
            Assert.Equal("succeeded", (await buyer.Pay()).GetProperty("status").GetString());
            await buyer.Confirmed();
            return (buyer.OrderId, Tickets: await buyer.Tickets(3));
        }).ToArray();
        foreach (var victim in new[] { "payments", "nats", "participants", "redis" })
        {
            await eventFly.App.KillAsync(victim);
            await eventFly.App.CommandAsync(victim, "start");
        }

        var bought = await Task.WhenAll(purchases);

        Assert.All(bought, purchase => Assert.Equal(3, purchase.Tickets));
        Assert.Equal(0, await shop.Free());
        var movements = await shop.Movements();
        Assert.All(bought, purchase => Assert.Equal([("charge", 7_500L)], movements[purchase.OrderId]));
        await eventFly.AwaitHealthy();
    }
}
