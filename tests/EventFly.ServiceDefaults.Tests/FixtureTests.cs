using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts;
using EventFly.Testing;

namespace EventFly.ServiceDefaults.Tests;

/// <summary>The doubles that all tests stand on.</summary>
public sealed class FixtureTests
{
    private readonly FakeClock clock = new();

    [Fact]
    public void Timers_fire_in_their_order_when_their_time_has_passed()
    {
        var fired = new List<(string Name, DateTimeOffset At)>();
        var start = clock.Now;
        using var second = clock.CreateTimer(_ => fired.Add(("second", clock.Now)), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        using var every = clock.CreateTimer(_ => fired.Add(("every", clock.Now)), null, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(1.5));
        using var stopped = clock.CreateTimer(_ => fired.Add(("stopped", clock.Now)), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        stopped.Dispose();

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(fired);

        clock.Advance(TimeSpan.FromSeconds(2.5));
        Assert.Equal([("every", start.AddSeconds(1.5)), ("second", start.AddSeconds(2)), ("every", start.AddSeconds(3))], fired);
        Assert.Equal(start.AddSeconds(3.5), clock.Now);
    }

    [Fact]
    public async Task A_delay_on_the_clock_ends_when_the_clock_says_so()
    {
        var delay = Task.Delay(TimeSpan.FromHours(1), clock);
        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.False(delay.IsCompleted);

        clock.Advance(TimeSpan.FromMinutes(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task The_bus_keeps_a_repeated_message_once_and_delivers_it_until_it_is_done()
    {
        var bus = new RecordingBus(clock);
        using var end = new CancellationTokenSource();
        var attempts = new List<int>();
        var consuming = bus.Consume(new Subscription("listener", "sample"), (delivery, _) =>
        {
            attempts.Add(delivery.Attempt);
            return Task.FromResult(delivery.Attempt < 3 ? Disposition.Retry("not yet") : Disposition.Done);
        }, end.Token);

        var announcement = Envelope.Wrap(new SampleHappened("a"), "1", 1, clock.Now);
        await bus.Publish(announcement, CancellationToken.None);
        await bus.Publish(announcement, CancellationToken.None);
        await bus.Settled();

        Assert.Equal([1, 2, 3], attempts);
        Assert.Equal([new SampleHappened("a")], bus.Messages<SampleHappened>());
        Assert.Equal(0, await bus.Count(CancellationToken.None));
        await end.CancelAsync();
        await consuming;
    }

    [Fact]
    public async Task The_bus_gives_up_at_last_and_replays_a_dead_letter_to_its_listener()
    {
        var bus = new RecordingBus(clock);
        using var end = new CancellationTokenSource();
        var isBroken = true;
        var handled = 0;
        var consuming = bus.Consume(new Subscription("listener", "sample"), (_, _) =>
            isBroken ? throw new InvalidOperationException("broken") : Task.FromResult(++handled > 0 ? Disposition.Done : Disposition.Done), end.Token);

        await bus.Say(new SampleHappened("a"), "1");
        var letter = Assert.Single(await bus.List("listener", 0, 10, CancellationToken.None));
        Assert.Equal("broken", letter.Reason);

        isBroken = false;
        Assert.True(await bus.Replay(letter.Sequence, CancellationToken.None));
        await bus.Settled();
        Assert.Equal(1, handled);
        await end.CancelAsync();
        await consuming;
    }

    [Contract("sample", "SampleHappened")]
    private sealed record SampleHappened(string Name);
}
