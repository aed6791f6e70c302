using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace EventFly.Messaging.Nats.Client;

/// <summary>Our own NATS client: connects for ever, restores its subscriptions, fails promptly. Safe for use by many at once.</summary>
internal sealed class NatsClient : INatsClient
{
    /// <summary>All answers come over this one subscription.</summary>
    public const long InboxSid = 1;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(30);
    private readonly NatsClientSettings settings;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly CancellationTokenSource shutdown = new();
    private readonly ConcurrentDictionary<long, Waiting> requests = new();
    private readonly ConcurrentDictionary<long, NatsSubscription> subscriptions = new();
    private readonly List<NatsServer> servers;
    private readonly string inbox = $"_INBOX.{RandomNumberGenerator.GetHexString(20, lowercase: true)}";
    private readonly Task running;
    private TaskCompletionSource<NatsLink> connected = NewConnected();
    private NatsLink? current;
    private long lastSid = InboxSid;
    private long lastToken;
    private long lastInbox;

    public NatsClient(NatsClientSettings settings, ILogger logger)
    {
        this.settings = settings;
        this.logger = logger;
        servers = [.. NatsServer.Parse(settings.ConnectionString ?? "")];
        Server = servers[0];
        running = Task.Run(StayConnected);
    }

    public NatsState State => shutdown.IsCancellationRequested ? NatsState.Closed : current is null ? NatsState.Connecting : NatsState.Connected;

    public NatsServer Server { get; private set; }

    public long MaxPayload => Volatile.Read(ref current)?.Info.MaxPayload ?? long.MaxValue;

    /// <summary>How often a lost connection came back.</summary>
    public long Reconnects { get; private set; }

    public async ValueTask Publish(NatsMessage message, CancellationToken cancellationToken)
    {
        var link = Volatile.Read(ref current) ?? await Connected(settings.ReconnectPatience, cancellationToken);
        await Send(link, message, message.ReplyTo, cancellationToken);
    }

    public async Task<NatsMessage> Request(NatsMessage message, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var link = Volatile.Read(ref current)
            ?? await Connected(timeout < settings.ReconnectPatience ? timeout : settings.ReconnectPatience, cancellationToken);
        var token = Interlocked.Increment(ref lastToken);
        var waiting = new Waiting(link);
        requests[token] = waiting;
        try
        {
            await Send(link, message, $"{inbox}.{token.ToString(CultureInfo.InvariantCulture)}", cancellationToken)
                .AsTask().WaitAsync(timeout, cancellationToken);
            var answer = await waiting.Task.WaitAsync(Left(timeout, started), cancellationToken);
            return answer.Status == 503 && answer.Payload.IsEmpty
                ? throw new NatsException(NatsFailure.NoResponders, $"Nobody at NATS {link.Server} answers to {message.Subject}.")
                : answer;
        }
        catch (TimeoutException timedOut)
        {
            throw new NatsException(NatsFailure.Timeout, $"NATS at {link.Server} did not answer in time to {message.Subject}.", timedOut);
        }
        finally
        {
            requests.TryRemove(token, out _);
        }
    }

    public NatsSubscription Subscribe(string subject, int capacity)
    {
        lock (gate)
        {
            var subscription = new NatsSubscription(++lastSid, subject, capacity, Unsubscribe);
            subscriptions[subscription.Sid] = subscription;
            subscription.IsKnown = current is not null;
            Tell(current, SubLine(subject, subscription.Sid));
            return subscription;
        }
    }

    public async Task Drain(NatsSubscription subscription, TimeSpan timeout)
    {
        Tell(current, UnsubLine(subscription));
        if (current is not null)
        {
            await Flush(timeout, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public string NewInbox() =>
        $"_INBOX.{inbox.AsSpan("_INBOX.".Length)}-{Interlocked.Increment(ref lastInbox).ToString(CultureInfo.InvariantCulture)}";

    public async Task Flush(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var link = Volatile.Read(ref current)
            ?? await Connected(timeout < settings.ReconnectPatience ? timeout : settings.ReconnectPatience, cancellationToken);
        try
        {
            await link.Ping().WaitAsync(timeout, cancellationToken);
        }
        catch (TimeoutException timedOut)
        {
            throw new NatsException(NatsFailure.Timeout, $"NATS at {link.Server} did not answer a ping in time.", timedOut);
        }
    }

    /// <summary>Cuts the connection as a broken network would; the client then connects again.</summary>
    public void Interrupt() => Volatile.Read(ref current)?.End();

    /// <summary>Sends what waits (bounded), then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (shutdown.IsCancellationRequested)
        {
            return;
        }

        if (current is not null)
        {
            await Flush(TimeSpan.FromSeconds(2), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await shutdown.CancelAsync();
        await running;
        foreach (var subscription in subscriptions.Values)
        {
            subscription.Dispose();
        }

        shutdown.Dispose();
    }

    private static TaskCompletionSource<NatsLink> NewConnected() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static byte[] SubLine(string subject, long sid) =>
        Encoding.UTF8.GetBytes($"SUB {subject} {sid.ToString(CultureInfo.InvariantCulture)}");

    private static byte[] UnsubLine(NatsSubscription subscription) =>
        Encoding.UTF8.GetBytes($"UNSUB {subscription.Sid.ToString(CultureInfo.InvariantCulture)}");

    private static TimeSpan Left(TimeSpan timeout, long started)
    {
        var left = timeout - Stopwatch.GetElapsedTime(started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    // A closed link loses the line; the next link restores all subscriptions anyway.
    private static void Tell(NatsLink? link, byte[] line)
    {
        try
        {
            link?.Sending.Line(line);
        }
        catch (NatsException lost) when (lost.Failure is NatsFailure.Disconnected)
        {
            link?.End();
        }
    }

    private static async ValueTask Send(NatsLink link, NatsMessage message, string? replyTo, CancellationToken cancellationToken)
    {
        var headers = message.Headers?.ToBytes() ?? [];
        var size = headers.Length + message.Payload.Length;
        if (size > link.Info.MaxPayload)
        {
            throw new NatsException(
                NatsFailure.TooLarge,
                $"A message of {size} bytes for {message.Subject} is more than the {link.Info.MaxPayload} bytes that NATS at {link.Server} takes.");
        }

        while (link.Sending.Message(message.Subject, replyTo, headers, message.Payload.Span) is { } full)
        {
            await full.WaitAsync(cancellationToken);
        }
    }

    private async Task<NatsLink> Connected(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (shutdown.IsCancellationRequested)
        {
            throw new NatsException(NatsFailure.Disconnected, "The NATS client is closed.");
        }

        try
        {
            return await Volatile.Read(ref connected).Task.WaitAsync(patience, cancellationToken);
        }
        catch (TimeoutException timedOut)
        {
            throw new NatsException(NatsFailure.Disconnected, $"NATS at {Server} is not connected.", timedOut);
        }
    }

    private async Task StayConnected()
    {
        var closing = shutdown.Token;
        try
        {
            var before = false;
            while (true)
            {
                await using var link = await Connect(closing);
                Adopt(link, before);
                var reason = await link.Run(Take, Learn, closing);
                Abandon(link, reason);
                before = true;
                closing.ThrowIfCancellationRequested();
                NatsLog.Lost(logger, link.Server, reason.Message);
                NatsTelemetry.Failed("connection", reason.Failure.ToString());
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            connected.TrySetException(new NatsException(NatsFailure.Disconnected, "The NATS client is closed."));
            _ = connected.Task.Exception;
        }
        catch (Exception unexpected)
        {
            NatsLog.Broken(logger, unexpected);
            throw;
        }
    }

    private async Task<NatsLink> Connect(CancellationToken closing)
    {
        var delay = FirstDelay;
        var told = long.MinValue;
        for (var attempt = 0L; ; attempt++)
        {
            NatsServer server;
            lock (gate)
            {
                server = servers[(int)(attempt % servers.Count)];
            }

            Server = server;
            try
            {
                return await NatsLink.Open(server, settings, closing);
            }
            catch (NatsException failed)
            {
                NatsTelemetry.Failed("connect", failed.Failure.ToString());
                if (told == long.MinValue || Stopwatch.GetElapsedTime(told) > TellEvery)
                {
                    told = Stopwatch.GetTimestamp();
                    NatsLog.NotReached(logger, server, failed.Message);
                }
            }

            if ((attempt + 1) % servers.Count == 0)
            {
                await Task.Delay(delay * (0.75 + (Random.Shared.NextDouble() / 2)), closing);
                delay = delay * 2 < settings.MaxReconnectDelay ? delay * 2 : settings.MaxReconnectDelay;
            }
        }
    }

    private void Adopt(NatsLink link, bool again)
    {
        lock (gate)
        {
            Know(link.Info, link.Server);
            link.Sending.Line(SubLine($"{inbox}.*", InboxSid));
            foreach (var subscription in subscriptions.Values)
            {
                link.Sending.Line(SubLine(subscription.Subject, subscription.Sid));
                if (subscription.IsKnown)
                {
                    subscription.Offer(NatsMessage.Restored);
                }

                subscription.IsKnown = true;
            }

            Volatile.Write(ref current, link);
        }

        connected.TrySetResult(link);
        if (again)
        {
            Reconnects++;
            NatsTelemetry.Reconnected();
        }

        NatsLog.Connected(logger, link.Server);
    }

    private void Abandon(NatsLink link, NatsException reason)
    {
        lock (gate)
        {
            Volatile.Write(ref connected, NewConnected());
            Volatile.Write(ref current, null);
        }

        foreach (var request in requests.Values)
        {
            if (ReferenceEquals(request.Link, link))
            {
                request.Fail(new NatsException(NatsFailure.Disconnected, reason.Message));
            }
        }
    }

    private void Take(Frame frame)
    {
        if (frame.Sid == InboxSid)
        {
            if (requests.TryRemove(frame.Token, out var waiting))
            {
                waiting.TrySetResult(frame.ToMessage());
            }
        }
        else if (subscriptions.TryGetValue(frame.Sid, out var subscription) && !subscription.Offer(frame.ToMessage()))
        {
            NatsTelemetry.Failed("receive", "dropped");
            if (subscription.Dropped == 1)
            {
                NatsLog.Dropped(logger, subscription.Subject);
            }
        }
    }

    private void Learn(ServerInfo info)
    {
        lock (gate)
        {
            Know(info, Server);
        }
    }

    private void Know(ServerInfo info, NatsServer by)
    {
        foreach (var address in info.ConnectUrls ?? [])
        {
            if (NatsServer.Told(address, by) is { } told && servers.Count < 64 && !servers.Exists(told.SameAddress))
            {
                servers.Add(told);
            }
        }
    }

    private void Unsubscribe(NatsSubscription subscription)
    {
        lock (gate)
        {
            if (subscriptions.TryRemove(subscription.Sid, out _))
            {
                Tell(current, UnsubLine(subscription));
            }
        }
    }

    private sealed class Waiting(NatsLink link) : TaskCompletionSource<NatsMessage>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public NatsLink Link { get; } = link;

        public void Fail(NatsException reason)
        {
            TrySetException(reason);
            _ = Task.Exception;
        }
    }
}
