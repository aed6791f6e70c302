using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Messaging.Nats.JetStream;

namespace EventFly.Messaging.Nats.Tests;

/// <summary>Every test speaks as a service of its own, so that they share a server without hearing each other.</summary>
public sealed class BusTests(NatsProgram nats) : IClassFixture<NatsProgram>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_is_said_is_heard()
    {
        await using var host = new BusHost(nats.ConnectionString);
        await using var listener = new Listener(host.Bus, new("payments", "one"));

        await host.Bus.Publish(Say.That("hello", "one", "a7"), None);

        await Eventually.True(() => !listener.Heard.IsEmpty, "the message is heard");
        var delivery = Assert.Single(listener.Heard);
        Assert.Equal(("eventfly.one.SomethingHappened.a7", "hello", 1), (delivery.Subject, delivery.Text(), delivery.Attempt));
    }

    [Fact]
    public async Task What_was_said_before_anybody_listened_is_heard_too()
    {
        await using var host = new BusHost(nats.ConnectionString);
        await host.Bus.Publish(Say.That("early", "early"), None);

        await using var listener = new Listener(host.Bus, new("payments", "early"));

        await Eventually.True(() => listener.Texts.SequenceEqual(["early"]), "the early message is heard");
    }

    [Fact]
    public async Task The_same_announcement_said_twice_is_heard_once()
    {
        await using var host = new BusHost(nats.ConnectionString);
        await using var listener = new Listener(host.Bus, new("payments", "twice"));
        var id = Guid.CreateVersion7();

        await host.Bus.Publish(Say.That("first", "twice", id: id), None);
        await host.Bus.Publish(Say.That("first", "twice", id: id), None);
        await host.Bus.Publish(Say.That("last", "twice"), None);

        await Eventually.True(() => listener.Texts.Contains("last"), "the last message is heard");
        Assert.Equal(["first", "last"], listener.Texts);
    }

    [Fact]
    public async Task Messages_about_one_aggregate_come_in_order_and_one_at_a_time_and_others_do_not_wait()
    {
        await using var host = new BusHost(nats.ConnectionString, settings => settings.Lanes = 8);
        var running = new ConcurrentDictionary<string, int>();
        var most = 0;
        var together = 0;
        await using var listener = new Listener(host.Bus, new("payments", "order"), async (delivery, cancellationToken) =>
        {
            var inThisAggregate = running.AddOrUpdate(delivery.Subject, 1, static (_, n) => n + 1);
            InterlockedMax(ref most, inThisAggregate);
            InterlockedMax(ref together, running.Values.Sum());
            await Task.Yield();
            await Task.Delay(1, cancellationToken);
            running.AddOrUpdate(delivery.Subject, 0, static (_, n) => n - 1);
            return Disposition.Done;
        });

        const int Aggregates = 20;
        const int Each = 25;
        await Task.WhenAll(Enumerable.Range(0, Aggregates).Select(async aggregate =>
        {
            for (var i = 0; i < Each; i++)
            {
                await host.Bus.Publish(Say.That(i, "order", $"a{aggregate}"), None);
            }
        }));

        await Eventually.True(() => listener.Heard.Count == Aggregates * Each, "all is heard");
        Assert.Equal(1, most);
        Assert.InRange(together, 2, 8);
        foreach (var aggregate in listener.Heard.GroupBy(delivery => delivery.Subject))
        {
            Assert.Equal(Enumerable.Range(0, Each), aggregate.Select(delivery => int.Parse(delivery.Text(), CultureInfo.InvariantCulture)));
        }
    }

    [Fact]
    public async Task Two_listeners_each_hear_all()
    {
        await using var host = new BusHost(nats.ConnectionString);
        await using var payments = new Listener(host.Bus, new("payments", "both"));
        await using var analytics = new Listener(host.Bus, new("analytics", "both"));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => host.Bus.Publish(Say.That(i, "both", $"a{i}"), None)));

        await Eventually.True(() => payments.Heard.Count == 50 && analytics.Heard.Count == 50, "both hear all");
        Assert.Equal(payments.Texts.Order(), analytics.Texts.Order());
    }

    [Fact]
    public async Task Two_replicas_of_a_listener_share_the_work()
    {
        await using var first = new BusHost(nats.ConnectionString, settings => settings.MaxDelivering = 4);
        await using var second = new BusHost(nats.ConnectionString, settings => settings.MaxDelivering = 4);
        await using var one = new Listener(first.Bus, new("payments", "shared"));
        await using var two = new Listener(second.Bus, new("payments", "shared"));

        var said = 0;
        await Eventually.True(
            async () =>
            {
                await first.Bus.Publish(Say.That(said++, "shared", $"a{said}"), None);
                return !one.Heard.IsEmpty && !two.Heard.IsEmpty && said >= 100;
            },
            "both get some");

        await Eventually.True(() => one.Heard.Count + two.Heard.Count >= said, "all is heard");
        Assert.Equal(
            Enumerable.Range(0, said), one.Texts.Concat(two.Texts).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).Order());
    }

    [Fact]
    public async Task A_failed_try_is_followed_by_another()
    {
        await using var host = new BusHost(nats.ConnectionString);
        await using var listener = new Listener(host.Bus, new("payments", "retry"), static (delivery, _) => delivery.Attempt switch
        {
            1 => Task.FromResult(Disposition.Retry("not yet")),
            2 => throw new InvalidOperationException("broken"),
            _ => Task.FromResult(Disposition.Done),
        });

        await host.Bus.Publish(Say.That("x", "retry"), None);

        await Eventually.True(() => listener.Heard.Any(delivery => delivery.Attempt == 3), "the third try is made");
        await Eventually.True(async () => await host.Streams.PendingOf("EVENTFLY_RETRY", "payments", None) == 0, "it is acknowledged");
        Assert.DoesNotContain(await host.DeadLetters.List("payments", 0, 500, None), letter => letter.Subject.StartsWith("eventfly.retry.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Between_the_tries_there_is_a_pause_longer_than_the_bus_would_wait_by_itself()
    {
        await using var host = new BusHost(nats.ConnectionString, settings =>
        {
            settings.AckWait = TimeSpan.FromMilliseconds(200);
            settings.RetryDelays = [TimeSpan.FromMilliseconds(1000)];
        });
        var tries = new ConcurrentQueue<long>();
        await using var listener = new Listener(host.Bus, new("payments", "pause"), (delivery, _) =>
        {
            tries.Enqueue(Stopwatch.GetTimestamp());
            return Task.FromResult(delivery.Attempt == 1 ? Disposition.Retry("later") : Disposition.Done);
        });

        await host.Bus.Publish(Say.That("x", "pause"), None);

        await Eventually.True(() => tries.Count == 2, "the second try is made");
        // At least the pause less its jitter.
        Assert.True(Stopwatch.GetElapsedTime(tries.First(), tries.Last()) >= TimeSpan.FromMilliseconds(850));
    }

    [Fact]
    public async Task What_fails_again_and_again_becomes_a_dead_letter_and_a_replay_goes_to_its_listener_only()
    {
        await using var host = new BusHost(nats.ConnectionString);
        var healed = false;
        var speaker = "dead";
        await using var failing = new Listener(host.Bus, new("mailer", speaker), (_, _) =>
            Task.FromResult(Volatile.Read(ref healed) ? Disposition.Done : Disposition.Retry("the printer\r\nis out of paper")));
        await using var other = new Listener(host.Bus, new("analytics", speaker));
        await host.Bus.Publish(Say.That("ticket", speaker, "a9"), None);

        var letter = await NextLetter(host, "mailer", 0);
        Assert.Equal(
            ("mailer", $"eventfly.{speaker}.SomethingHappened.a9", "the printer  is out of paper", 4, "ticket"),
            (letter.Listener, letter.Subject, letter.Reason, letter.Attempts, Encoding.UTF8.GetString(letter.Data.Span)));
        Assert.Equal([1, 2, 3, 4], failing.Heard.Select(delivery => delivery.Attempt));
        Assert.True(await host.DeadLetters.Count(None) >= 1);

        Volatile.Write(ref healed, true);
        Assert.True(await host.DeadLetters.Replay(letter.Sequence, None));

        await Eventually.True(() => failing.Heard.Count == 5, "the replay is heard");
        var replayed = failing.Heard.Last();
        Assert.Equal((letter.Subject, "ticket", 1), (replayed.Subject, replayed.Text(), replayed.Attempt));
        Assert.Empty(await host.DeadLetters.List("mailer", 0, 10, None));
        Assert.False(await host.DeadLetters.Replay(letter.Sequence, None));
        await Eventually.True(async () => await host.Streams.Get("EVENTFLY_REPLAYS", new(1, "eventfly-replay.mailer.>"), None) is null, "the replay is done with");
        Assert.Single(other.Heard);
    }

    [Fact]
    public async Task A_replay_that_fails_again_is_a_dead_letter_again()
    {
        await using var host = new BusHost(nats.ConnectionString);
        await using var listener = new Listener(host.Bus, new("printer", "again"), static (_, _) => Task.FromResult(Disposition.Dead("unreadable")));
        await host.Bus.Publish(Say.That("x", "again"), None);
        var letter = await NextLetter(host, "printer", 0);
        Assert.Equal(1, letter.Attempts);

        for (var round = 0; round < 3; round++)
        {
            Assert.True(await host.DeadLetters.Replay(letter.Sequence, None));
            letter = await NextLetter(host, "printer", letter.Sequence);
        }

        Assert.Equal("eventfly.again.SomethingHappened.a1", letter.Subject);
        Assert.Single(await host.DeadLetters.List("printer", 0, 500, None));
    }

    [Fact]
    public async Task Dead_letters_are_listed_by_listener_and_in_pages()
    {
        await using var host = new BusHost(nats.ConnectionString);
        await using var scanner = new Listener(host.Bus, new("scanner", "pages"), static (delivery, _) => Task.FromResult(Disposition.Dead(delivery.Text())));
        await using var archive = new Listener(host.Bus, new("archive", "pages"), static (delivery, _) => Task.FromResult(Disposition.Dead(delivery.Text())));
        for (var i = 0; i < 5; i++)
        {
            await host.Bus.Publish(Say.That(i, "pages"), None);
        }

        await Eventually.True(async () => (await host.DeadLetters.List("scanner", 0, 500, None)).Count == 5, "five letters lie there");
        var first = await host.DeadLetters.List("scanner", 0, 2, None);
        var second = await host.DeadLetters.List("scanner", first[^1].Sequence, 2, None);
        var third = await host.DeadLetters.List("scanner", second[^1].Sequence, 2, None);
        Assert.Equal(["0", "1", "2", "3", "4"], first.Concat(second).Concat(third).Select(letter => letter.Reason));
        Assert.All(first, letter => Assert.Equal("scanner", letter.Listener));
        Assert.Contains(await host.DeadLetters.List(null, 0, 500, None), letter => letter.Listener == "archive");
    }

    [Fact]
    public async Task While_a_handler_runs_long_no_other_replica_is_given_its_messages()
    {
        var ackWait = TimeSpan.FromMilliseconds(300);
        await using var one = new BusHost(nats.ConnectionString, settings => settings.AckWait = ackWait);
        await using var two = new BusHost(nats.ConnectionString, settings => settings.AckWait = ackWait);
        async Task<Disposition> Work(Delivery delivery, CancellationToken cancellationToken)
        {
            // The work itself; it lasts several times as long as the bus waits for a word.
            await Task.Delay(delivery.Text() == "long" ? ackWait * 5 : TimeSpan.Zero, cancellationToken);
            return Disposition.Done;
        }

        await using var first = new Listener(one.Bus, new("payments", "long"), Work);
        await one.Bus.Publish(Say.That("long", "long"), None);
        await one.Bus.Publish(Say.That("behind", "long"), None);
        await Eventually.True(async () => await AckPending(one, "LONG") == 2, "the first replica has both");
        await using var second = new Listener(two.Bus, new("payments", "long"), Work);

        await Eventually.True(() => first.Heard.Count >= 2, "both are heard");
        await Eventually.True(async () => await one.Streams.PendingOf("EVENTFLY_LONG", "payments", None) == 0, "both are acknowledged");
        Assert.Equal([("long", 1), ("behind", 1)], first.Heard.Select(delivery => (delivery.Text(), delivery.Attempt)));
        Assert.Empty(second.Heard);
    }

    [Fact]
    public async Task A_handler_that_never_ends_is_cancelled_and_counts_as_a_failed_try()
    {
        await using var host = new BusHost(nats.ConnectionString, settings => settings.HandlingTimeout = TimeSpan.FromMilliseconds(50));
        await using var listener = new Listener(host.Bus, new("sleeper", "endless"), static async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return Disposition.Done;
        });

        await host.Bus.Publish(Say.That("x", "endless"), None);

        await Eventually.True(async () => (await host.DeadLetters.List("sleeper", 0, 1, None)) is [{ Reason: "The handler took too long" }], "it is given up");
    }

    [Fact]
    public async Task Whoever_stops_finishes_what_runs_and_gives_the_rest_to_another_replica_at_once()
    {
        await using var host = new BusHost(nats.ConnectionString, settings => settings.AckWait = TimeSpan.FromMinutes(5));
        using var release = new SemaphoreSlim(0);
        var begun = new TaskCompletionSource();
        var leaving = new Listener(host.Bus, new("payments", "leave"), async (delivery, cancellationToken) =>
        {
            if (delivery.Text() == "0")
            {
                begun.TrySetResult();
                await release.WaitAsync(cancellationToken);
            }

            return Disposition.Done;
        });
        for (var i = 0; i < 5; i++)
        {
            await host.Bus.Publish(Say.That(i, "leave"), None);
        }

        await begun.Task;
        await Eventually.True(async () => await AckPending(host, "LEAVE") == 5, "all five are with the one that leaves");
        await using var staying = new Listener(host.Bus, new("payments", "leave"));
        await Eventually.True(
            async () =>
            {
                await host.Bus.Publish(Say.That("another", "leave", "a2"), None);
                return !staying.Heard.IsEmpty;
            },
            "the other replica listens too");

        var stopped = leaving.Stop();
        Assert.False(stopped.IsCompleted);
        release.Release();
        await stopped;

        await Eventually.True(() => staying.Texts.Count(text => text != "another") == 4, "the rest is heard by the other one");
        Assert.Equal(["0"], leaving.Texts.Where(text => text != "another"));
        Assert.Equal(["1", "2", "3", "4"], staying.Texts.Where(text => text != "another").Order());
    }

    [Fact]
    public async Task What_a_replica_had_in_hand_when_it_died_another_one_hears()
    {
        await using var survivor = new BusHost(nats.ConnectionString, settings => settings.AckWait = TimeSpan.FromMilliseconds(500));
        var dying = new BusHost(nats.ConnectionString, settings => settings.AckWait = TimeSpan.FromMilliseconds(500));
        var begun = new TaskCompletionSource();
        var forever = new TaskCompletionSource<Disposition>();
        using var listening = new CancellationTokenSource();
        var consuming = dying.Bus.Consume(
            new("payments", "died"),
            (_, _) =>
            {
                begun.TrySetResult();
                return forever.Task;
            },
            listening.Token);
        await survivor.Bus.Publish(Say.That("x", "died"), None);
        await begun.Task;

        // The connection goes without a word; nothing is acknowledged or given back.
        await dying.DisposeAsync();
        await using var listener = new Listener(survivor.Bus, new("payments", "died"));

        await Eventually.True(() => !listener.Heard.IsEmpty, "the other one hears it");
        Assert.Equal(("x", true), (listener.Heard.First().Text(), listener.Heard.First().Attempt > 1));
        forever.SetResult(Disposition.Done);
        await listening.CancelAsync();
        await consuming;
    }

    [Fact]
    public async Task What_brings_its_handler_down_again_and_again_is_not_tried_for_ever()
    {
        await using var host = new BusHost(nats.ConnectionString, settings => settings.RetryDelays = []);
        await host.Bus.Publish(Say.That("poison", "poison"), None);
        var stream = host.Streams.Speaking("poison");
        await host.Streams.MakeConsumer(stream, new("taster", "eventfly.poison.>", JetStreamApi.Nanoseconds(TimeSpan.FromSeconds(10)), 5000), None);
        using (var process = host.Client.Subscribe("taster.process", 10))
        {
            for (var death = 0; death < 2; death++)
            {
                await host.Client.Publish(
                    new("$JS.API.CONSUMER.MSG.NEXT.EVENTFLY_POISON.taster", "{\"batch\":1}"u8.ToArray(), ReplyTo: "taster.process"), None);
                var taken = await process.Messages.ReadAsync(None).AsTask().WaitAsync(TimeSpan.FromSeconds(5));
                await host.Client.Publish(new(taken.ReplyTo!, "-NAK"u8.ToArray()), None);
            }
        }

        await using var listener = new Listener(host.Bus, new("taster", "poison"));

        var letter = await NextLetter(host, "taster", 0);
        Assert.Equal(3, letter.Attempts);
        Assert.Empty(listener.Heard);
    }

    [Fact]
    public async Task A_listener_whose_consumer_was_deleted_goes_on_listening()
    {
        await using var host = new BusHost(nats.ConnectionString);
        await using var listener = new Listener(host.Bus, new("payments", "gone"));
        await host.Bus.Publish(Say.That("before", "gone"), None);
        await Eventually.True(() => listener.Texts.Contains("before"), "the first is heard");

        await Api(host, "CONSUMER.DELETE.EVENTFLY_GONE.payments");
        await host.Bus.Publish(Say.That("after", "gone"), None);

        await Eventually.True(() => listener.Texts.Contains("after"), "the second is heard");
    }

    [Fact]
    public async Task A_stream_that_was_deleted_is_made_again_by_both_sides()
    {
        await using var host = new BusHost(nats.ConnectionString);
        await using var listener = new Listener(host.Bus, new("payments", "lost"));
        await host.Bus.Publish(Say.That("before", "lost"), None);
        await Eventually.True(() => listener.Texts.Contains("before"), "the first is heard");

        await Api(host, "STREAM.DELETE.EVENTFLY_LOST");
        await host.Bus.Publish(Say.That("after", "lost"), None);

        await Eventually.True(() => listener.Texts.Contains("after"), "the second is heard");
    }

    [Fact]
    public async Task One_trace_goes_from_the_announcement_to_the_reaction()
    {
        using var spans = new Spans();
        await using var host = new BusHost(nats.ConnectionString);
        Activity? inHandler = null;
        await using var listener = new Listener(host.Bus, new("payments", "traced"), (_, _) =>
        {
            inHandler = Activity.Current;
            return Task.FromResult(Disposition.Done);
        });
        var origin = ActivityTraceId.CreateRandom();
        var envelope = $$"""{"data":{"traceparent":"not this one"},"traceparent":"00-{{origin}}-{{ActivitySpanId.CreateRandom()}}-01"}""";

        await host.Bus.Publish(new(Guid.CreateVersion7(), "eventfly.traced.OrderPlaced.a1", Encoding.UTF8.GetBytes(envelope)), None);

        await Eventually.True(() => !listener.Heard.IsEmpty, "it is heard");
        await Eventually.True(() => spans.Ended.Count(span => span.TraceId == origin && span.Kind is not ActivityKind.Client) == 2, "both spans ended");
        var sent = Assert.Single(spans.Ended, span => span.TraceId == origin && span.Kind is ActivityKind.Producer);
        var processed = Assert.Single(spans.Ended, span => span.TraceId == origin && span.Kind is ActivityKind.Consumer);
        Assert.Equal(("publish eventfly.traced.OrderPlaced", "process eventfly.traced.OrderPlaced"), (sent.DisplayName, processed.DisplayName));
        Assert.Equal(sent.SpanId, processed.ParentSpanId);
        Assert.Equal(processed.SpanId, inHandler?.SpanId);
        Assert.Equal(("nats", "payments"), (processed.GetTagItem("messaging.system"), processed.GetTagItem("messaging.consumer.group.name")));
    }

    [Fact]
    public async Task Operators_can_count_what_was_said_heard_repeated_and_given_up()
    {
        var counts = new ConcurrentDictionary<string, long>();
        using var meters = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == NatsTelemetry.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags.ToArray().Contains(new("messaging.destination.name", "EVENTFLY_COUNTED")))
            {
                counts.AddOrUpdate(instrument.Name, value, (_, before) => before + value);
            }
        });
        meters.Start();
        await using var host = new BusHost(nats.ConnectionString);
        await using var listener = new Listener(host.Bus, new("counter", "counted"), static (delivery, _) =>
            Task.FromResult(delivery.Text() == "bad" ? Disposition.Retry("no") : Disposition.Done));

        await host.Bus.Publish(Say.That("good", "counted"), None);
        await host.Bus.Publish(Say.That("bad", "counted"), None);

        await Eventually.True(() => counts.GetValueOrDefault("eventfly.nats.dead_letters") == 1, "the dead letter is counted");
        await Eventually.True(() => counts.GetValueOrDefault("messaging.client.consumed.messages") == 5, "each try is counted");
        Assert.Equal((2, 3), (counts["messaging.client.sent.messages"], counts["eventfly.nats.redeliveries"]));
    }

    [Theory]
    [InlineData("eventfly.payments")]
    [InlineData("orders.payments.Paid.a1")]
    [InlineData("eventfly.payments.Paid.*")]
    [InlineData("eventfly.pay ments.Paid.a1")]
    public async Task A_subject_that_is_none_of_ours_is_refused(string subject)
    {
        await using var host = new BusHost(nats.ConnectionString);

        await Assert.ThrowsAsync<ArgumentException>(() => host.Bus.Publish(new(Guid.CreateVersion7(), subject, "{}"u8.ToArray()), None));
    }

    private static async Task<long> AckPending(BusHost host, string speaker)
    {
        var answer = await host.Client.Request(
            new($"$JS.API.CONSUMER.INFO.EVENTFLY_{speaker}.payments", ReadOnlyMemory<byte>.Empty), TimeSpan.FromSeconds(5), None);
        using var info = JsonDocument.Parse(answer.Payload);
        return info.RootElement.GetProperty("num_ack_pending").GetInt64();
    }

    private static async Task<DeadLetter> NextLetter(BusHost host, string listener, long after)
    {
        IReadOnlyList<DeadLetter> letters = [];
        await Eventually.True(async () => (letters = await host.DeadLetters.List(listener, after, 1, None)).Count == 1, "a dead letter lies there");
        return letters[0];
    }

    private static async Task Api(BusHost host, string call)
    {
        var answer = await host.Client.Request(new($"$JS.API.{call}", ReadOnlyMemory<byte>.Empty), TimeSpan.FromSeconds(5), None);
        Assert.Contains("\"success\":true", Encoding.UTF8.GetString(answer.Payload.Span).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static void InterlockedMax(ref int place, int value)
    {
        for (var now = Volatile.Read(ref place); value > now; now = Volatile.Read(ref place))
        {
            Interlocked.CompareExchange(ref place, value, now);
        }
    }

    private sealed class Spans : IDisposable
    {
        private readonly ActivityListener listener;

        public Spans()
        {
            listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == NatsTelemetry.Name,
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = Ended.Enqueue,
            };
            ActivitySource.AddActivityListener(listener);
        }

        public ConcurrentQueue<Activity> Ended { get; } = new();

        public void Dispose() => listener.Dispose();
    }
}
