using EventFly.Payments.Fees;

namespace EventFly.Payments.Tests.Fees;

public sealed class FeeScheduleTests
{
    private static readonly FeeSchedule Schedule = new()
    {
        Percent = 2.5m, PerTicket = { ["EUR"] = 30 }, PerOrder = { ["EUR"] = 10 }, Least = { ["EUR"] = 60 }, Most = { ["EUR"] = 500 },
    };

    [Theory]
    [InlineData(2_500, 1, "EUR", 103)] // 62.5 is 63, and 30, and 10
    [InlineData(2_500, 3, "EUR", 163)]
    [InlineData(2_500, 3, "eur", 163)]
    [InlineData(200, 0, "EUR", 60)]
    [InlineData(99_000, 1, "EUR", 500)]
    [InlineData(50, 1, "EUR", 50)]
    [InlineData(0, 1, "EUR", 0)]
    [InlineData(2_500, 1, "JPY", 63)]
    public void A_fee_is_a_share_and_something_per_ticket_and_order_within_bounds_and_never_more_than_the_order(
        long amount, int tickets, string currency, long fee) => Assert.Equal(fee, Schedule.Of(amount, tickets, currency));

    [Fact]
    public void A_package_without_a_schedule_has_the_standard_one()
    {
        var options = new FeeOptions { Packages = { ["standard"] = Schedule } };

        Assert.Equal(("standard", Schedule), options.Of("gold"));
        Assert.Equal(0, new FeeOptions().Of("gold").Schedule.Of(2_500, 1, "EUR"));
    }
}
