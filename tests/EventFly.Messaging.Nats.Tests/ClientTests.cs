using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Messaging.Nats.Client;
using Microsoft.Extensions.Logging;

namespace EventFly.Messaging.Nats.Tests;

public sealed class ClientTests(NatsProgram nats) : IClassFixture<NatsProgram>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_question_that_nobody_answers_fails_at_once()
    {
        await using var host = new BusHost(nats.ConnectionString);

        var failed = await Assert.ThrowsAsync<NatsException>(() => host.Client.Request(new("nobody.here", "?"u8.ToArray()), TimeSpan.FromMinutes(1), None));

        Assert.Equal(NatsFailure.NoResponders, failed.Failure);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_not_waited_for()
    {
        await using var host = new BusHost(nats.ConnectionString);
        using var mute = host.Client.Subscribe("mute", 10);
        await host.Client.Flush(Patience, None);

        var failed = await Assert.ThrowsAsync<NatsException>(() => host.Client.Request(new("mute", "?"u8.ToArray()), TimeSpan.FromMilliseconds(50), None));

        Assert.Equal(NatsFailure.Timeout, failed.Failure);
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_refused_before_it_is_sent()
    {
        await using var host = new BusHost(nats.ConnectionString);
        await host.Client.Flush(Patience, None);

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() =>
            host.Bus.Publish(new(Guid.CreateVersion7(), "eventfly.large.Said.a1", new byte[2_000_000]), None));

        Assert.Contains("1048576 bytes", refusal.Message, StringComparison.Ordinal);
        Assert.Equal((NatsState.Connected, 0), (host.Client.State, host.Client.Reconnects));
    }

    [Fact]
    public async Task Payloads_of_a_megabyte_come_through_whole()
    {
        await using var host = new BusHost(nats.ConnectionString);
        using var subscription = host.Client.Subscribe("large", 100);
        var payload = new byte[1_000_000];
        new Random(1).NextBytes(payload);

        for (var i = 0; i < 20; i++)
        {
            await host.Client.Publish(new("large", payload), None);
        }

        for (var i = 0; i < 20; i++)
        {
            var message = await subscription.Messages.ReadAsync(None).AsTask().WaitAsync(Patience);
            Assert.True(message.Payload.Span.SequenceEqual(payload));
        }
    }

    [Fact]
    public async Task Whoever_takes_too_slowly_loses_messages_but_not_the_connection_and_not_the_memory()
    {
        await using var host = new BusHost(nats.ConnectionString);
        using var slow = host.Client.Subscribe("flood", 10);

        for (var i = 0; i < 1000; i++)
        {
            await host.Client.Publish(new("flood", new byte[100]), None);
        }

        await host.Client.Flush(Patience, None);
        Assert.Equal((10, 990L), (slow.Messages.Count, slow.Dropped));
        Assert.Equal((NatsState.Connected, 0), (host.Client.State, host.Client.Reconnects));
    }

    [Fact]
    public async Task Senders_wait_when_the_network_does_not_keep_up()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        var server = GreetThen(listener, static (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken), stop.Token);
        await using var host = new BusHost($"nats://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", settings => settings.SendBufferBytes = 100_000);

        // More than our buffer and the kernel's buffers together.
        var all = Task.WhenAll(Enumerable.Range(0, 400).Select(_ => host.Client.Publish(new("deaf", new byte[90_000]), stop.Token).AsTask()));

        await Assert.ThrowsAsync<TimeoutException>(() => all.WaitAsync(TimeSpan.FromMilliseconds(300)));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => all);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server);
    }

    [Fact]
    public async Task A_server_that_fell_silent_is_left_and_found_again()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        var connections = 0;
        var server = Task.Run(async () =>
        {
            while (true)
            {
                await GreetThen(listener, static (_, _) => Task.CompletedTask, stop.Token, keep: true);
                connections++;
            }
        });
        await using var host = new BusHost(
            $"nats://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", settings => settings.PingInterval = TimeSpan.FromMilliseconds(50));

        Assert.Equal(NatsState.Connecting, host.Client.State);
        await Eventually.True(() => connections >= 3, "the silent connection is given up twice");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server);
    }

    [Fact]
    public async Task Thirty_lost_connections_under_load_lose_nothing_that_was_acknowledged_and_hang_nobody()
    {
        await using var host = new BusHost(nats.ConnectionString, settings =>
        {
            settings.AckWait = TimeSpan.FromSeconds(1);
            settings.RequestTimeout = TimeSpan.FromMinutes(1);
        });
        await using var listener = new Listener(host.Bus, new("payments", "shaky"));
        var acknowledged = new ConcurrentBag<string>();
        var failures = 0;
        using var stop = new CancellationTokenSource();
        var publishers = Enumerable.Range(0, 32).Select(publisher => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var text = $"{publisher}-{i}";
                try
                {
                    await host.Bus.Publish(Say.That(text, "shaky", $"a{publisher}"), None).WaitAsync(Patience);
                    acknowledged.Add(text);
                }
                catch (BusUnavailableException)
                {
                    Interlocked.Increment(ref failures);
                }
            }
        })).ToArray();

        for (var cut = 1; cut <= 30; cut++)
        {
            var before = acknowledged.Count;
            await Eventually.True(() => acknowledged.Count > before + 50, "publishing goes on");
            host.Client.Interrupt();
            var expected = cut;
            await Eventually.True(() => host.Client.Reconnects >= expected, "the connection comes back");
        }

        await stop.CancelAsync();
        await Task.WhenAll(publishers);
        await Eventually.True(() => !acknowledged.Except(listener.Texts).Any(), "all that was acknowledged is heard");
        Assert.Equal(30, host.Client.Reconnects);
    }

    [Fact]
    public async Task When_the_first_server_is_away_the_second_is_taken()
    {
        await using var host = new BusHost($"nats://127.0.0.1:1,127.0.0.1:{nats.Port}");

        await host.Client.Flush(Patience, None);

        Assert.Equal(nats.Port, host.Client.Server.Port);
    }

    [Fact]
    public async Task Only_who_knows_the_password_comes_in_and_it_is_told_nobody()
    {
        var guarded = new NatsProgram { Switches = ["--user", "eventfly", "--pass", "s3cret/pass"] };
        await guarded.InitializeAsync();
        try
        {
            var port = guarded.Port;
            await using (var welcome = new BusHost($"nats://eventfly:s3cret%2Fpass@127.0.0.1:{port}"))
            {
                await welcome.Client.Flush(Patience, None);
            }

            var log = new Lines();
            await using var stranger = new NatsClient(
                new NatsClientSettings { ConnectionString = $"nats://eventfly:wr0ng-guess@127.0.0.1:{port}" }, log);
            var failed = await Assert.ThrowsAsync<NatsException>(() => stranger.Flush(TimeSpan.FromMilliseconds(300), None));
            await Eventually.True(() => log.Written.Any(line => line.Contains("Authorization Violation", StringComparison.Ordinal)), "the refusal is logged");
            Assert.DoesNotContain("wr0ng", failed + string.Concat(log.Written) + stranger.Server, StringComparison.Ordinal);
        }
        finally
        {
            await guarded.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("nats://h", "h:4222")]
    [InlineData("h:1", "h:1")]
    [InlineData("nats://a:1, b:2 ,tls://c", "a:1 b:2 c:4222")]
    [InlineData("nats://u:p@a:1,b:2", "a:1 b:2")]
    [InlineData("nats://[::1]:7", "::1:7")]
    public void A_connection_string_names_its_servers(string text, string servers) =>
        Assert.Equal(servers, string.Join(' ', NatsServer.Parse(text)));

    [Fact]
    public void The_first_servers_credentials_hold_for_all()
    {
        var servers = NatsServer.Parse("nats://u%40x:p%3Aw@a:1,b:2");

        Assert.All(servers, server => Assert.Equal(new NatsCredentials("u@x", "p:w", null), server.Credentials));
        Assert.Equal(new NatsCredentials(null, null, "tok"), NatsServer.Parse("nats://tok@a")[0].Credentials);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://u:hidden@a:1")]
    [InlineData("nats://u:hidden@:1")]
    [InlineData("nats://u:hidden@a:port")]
    public void A_malformed_connection_string_is_refused_without_repeating_it(string text)
    {
        var refusal = Assert.Throws<FormatException>(() => NatsServer.Parse(text));

        Assert.DoesNotContain("hidden", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Shakes hands like a server.</summary>
    private static async Task GreetThen(
        TcpListener listener, Func<NetworkStream, CancellationToken, Task> then, CancellationToken cancellationToken, bool keep = false)
    {
        var connection = await listener.AcceptTcpClientAsync(cancellationToken);
        var stream = connection.GetStream();
        await stream.WriteAsync("INFO {\"max_payload\":1048576,\"headers\":true}\r\n"u8.ToArray(), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellationToken) is { } line && line != "PING")
        {
        }

        await stream.WriteAsync("PONG\r\n"u8.ToArray(), cancellationToken);
        await then(stream, cancellationToken);
        if (!keep)
        {
            connection.Dispose();
        }
    }

    private sealed class Lines : ILogger
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue(formatter(state, exception) + exception);
    }
}
