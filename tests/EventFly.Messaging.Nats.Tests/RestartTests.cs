using System.Collections.Concurrent;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Messaging.Nats.Client;

namespace EventFly.Messaging.Nats.Tests;

public sealed class RestartTests(NatsProgram nats) : IClassFixture<NatsProgram>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_killed_server_loses_no_acknowledged_message_under_load()
    {
        await using var speaker = new BusHost(nats.ConnectionString);
        await using var hearer = new BusHost(nats.ConnectionString, settings => settings.AckWait = TimeSpan.FromSeconds(1));
        await using var listener = new Listener(hearer.Bus, new("payments", "killed"));
        var acknowledged = new ConcurrentBag<string>();
        var failures = 0;
        using var stop = new CancellationTokenSource();
        var publishers = Enumerable.Range(0, 16).Select(publisher => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var text = $"{publisher}-{i}";
                try
                {
                    await speaker.Bus.Publish(Say.That(text, "killed", $"a{publisher}"), None).WaitAsync(TimeSpan.FromSeconds(20));
                    acknowledged.Add(text);
                }
                catch (BusUnavailableException)
                {
                    Interlocked.Increment(ref failures);
                }
            }
        })).ToArray();

        for (var round = 0; round < 3; round++)
        {
            var before = acknowledged.Count;
            await Eventually.True(() => acknowledged.Count > before + 500, "publishing goes on");
            nats.Kill();
            await Eventually.True(() => speaker.Client.State is NatsState.Connecting, "the loss is seen");
            await nats.Start();
        }

        var last = acknowledged.Count;
        await Eventually.True(() => acknowledged.Count > last + 500, "publishing goes on after the last restart");
        await stop.CancelAsync();
        await Task.WhenAll(publishers);
        await Eventually.True(() => !acknowledged.Except(listener.Texts).Any(), "all that was acknowledged is heard");
    }

    [Fact]
    public async Task A_listener_goes_on_where_it_stopped_also_when_the_server_was_restarted_in_between()
    {
        await using (var before = new BusHost(nats.ConnectionString))
        {
            await using var first = new Listener(before.Bus, new("payments", "position"));
            await before.Bus.Publish(Say.That("heard", "position"), None);
            await Eventually.True(() => first.Heard.Count == 1, "the first is heard");
            await Eventually.True(async () => await before.Streams.PendingOf("EVENTFLY_POSITION", "payments", None) == 0, "it is acknowledged");
            await first.Stop();
            await before.Bus.Publish(Say.That("missed", "position"), None);
        }

        nats.Kill();
        await nats.Start();
        await using var after = new BusHost(nats.ConnectionString);
        await using var second = new Listener(after.Bus, new("payments", "position"));

        await Eventually.True(() => second.Texts.Contains("missed"), "the missed one is heard");
        Assert.Equal(["missed"], second.Texts);
    }

    [Fact]
    public async Task When_the_server_lost_its_store_speaking_and_listening_go_on()
    {
        await using var host = new BusHost(nats.ConnectionString);
        await using var listener = new Listener(host.Bus, new("payments", "store"));
        await host.Bus.Publish(Say.That("before", "store"), None);
        await Eventually.True(() => listener.Texts.Contains("before"), "the first is heard");

        nats.Kill();
        nats.LoseStore();
        await nats.Start();
        await Eventually.True(
            async () =>
            {
                try
                {
                    await host.Bus.Publish(Say.That("after", "store"), None);
                    return true;
                }
                catch (BusUnavailableException)
                {
                    return false;
                }
            },
            "publishing works again");

        await Eventually.True(() => listener.Texts.Contains("after"), "the second is heard");
    }

    [Fact]
    public async Task Without_a_server_publishing_fails_in_bounded_time_and_comes_back_by_itself()
    {
        await using var host = new BusHost(nats.ConnectionString, settings => settings.ReconnectPatience = TimeSpan.FromMilliseconds(200));
        await host.Bus.Publish(Say.That("before", "away"), None);
        nats.Kill();

        var failed = await Assert.ThrowsAsync<BusUnavailableException>(() =>
            host.Bus.Publish(Say.That("during", "away"), None).WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Contains("127.0.0.1", failed.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BusUnavailableException>(() => host.DeadLetters.Count(None).WaitAsync(TimeSpan.FromSeconds(10)));

        await nats.Start();
        await Eventually.True(() => host.Client.State is NatsState.Connected, "the connection comes back");
        await host.Bus.Publish(Say.That("after", "away"), None);
    }
}
