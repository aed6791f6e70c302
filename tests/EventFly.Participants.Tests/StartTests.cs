using Microsoft.Extensions.Options;

namespace EventFly.Participants.Tests;

public sealed class StartTests
{
    [Theory]
    [InlineData("Inventory:HoldTime", "00:00:00")]
    [InlineData("Inventory:HoldTime", "02:00:00")]
    [InlineData("Orders:SweepInterval", "00:00:00")]
    [InlineData("Orders:SweepPage", "0")]
    [InlineData("Orders:SweepPage", "501")]
    public void A_setting_out_of_its_range_stops_the_start(string name, string value)
    {
        using var app = new WithSetting(name, value);

        var failure = Assert.Throws<OptionsValidationException>(() => app.Server);

        Assert.Contains(name.Split(':')[1], failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tickets_are_still_known_after_a_restart()
    {
        using var before = new ParticipantsApp();
        var key = await before.Anybody.GetStringAsync("/api/participants/ticket-keys");

        using var after = new WithSetting("ConnectionStrings:participants-db", $"sqlite:{Path.Combine(before.Folder, "service.db")}");
        using var other = new ParticipantsApp();

        Assert.Equal(key, await after.Anybody.GetStringAsync("/api/participants/ticket-keys"));
        Assert.NotEqual(key, await other.Anybody.GetStringAsync("/api/participants/ticket-keys"));
    }

    private sealed class WithSetting(string name, string value) : ParticipantsApp
    {
        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new(name, value)];
    }
}
