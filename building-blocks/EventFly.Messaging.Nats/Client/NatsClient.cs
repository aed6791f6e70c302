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
    private readonly NatsClientSettings _settings;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<long, Waiting> _requests = new();
    private readonly ConcurrentDictionary<long, NatsSubscription> _subscriptions = new();
    private readonly List<NatsServer> _servers;
    private readonly string _inbox = $"_INBOX.{RandomNumberGenerator.GetHexString(20, lowercase: true)}";
    private readonly Task _running;
    private TaskCompletionSource<NatsLink> _connected = NewConnected();
    private NatsLink? _link;
    private long _lastSid = InboxSid;
    private long _lastToken;
    private long _lastInbox;

    public NatsClient(NatsClientSettings settings, ILogger logger)
    {
        _settings = settings;
        _logger = logger;
        _servers = [.. NatsServer.Parse(settings.ConnectionString ?? "")];
        Server = _servers[0];
        _running = Task.Run(StayConnected);
    }

    public NatsState State => _closing.IsCancellationRequested ? NatsState.Closed : _link is null ? NatsState.Connecting : NatsState.Connected;

    public NatsServer Server { get; private set; }

    public long MaxPayload => Volatile.Read(ref _link)?.Info.MaxPayload ?? long.MaxValue;

    /// <summary>How often a lost connection came back.</summary>
    public long Reconnects { get; private set; }

    public async ValueTask Publish(NatsMessage message, CancellationToken cancellationToken)
    {
        var link = Volatile.Read(ref _link) ?? await Connected(_settings.ReconnectPatience, cancellationToken).ConfigureAwait(false);
        await Send(link, message, message.ReplyTo, cancellationToken).ConfigureAwait(false);
    }

    public async Task<NatsMessage> Request(NatsMessage message, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var link = Volatile.Read(ref _link)
            ?? await Connected(timeout < _settings.ReconnectPatience ? timeout : _settings.ReconnectPatience, cancellationToken).ConfigureAwait(false);
        var token = Interlocked.Increment(ref _lastToken);
        var waiting = new Waiting(link);
        _requests[token] = waiting;
        try
        {
            await Send(link, message, $"{_inbox}.{token.ToString(CultureInfo.InvariantCulture)}", cancellationToken)
                .AsTask().WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
            var answer = await waiting.Task.WaitAsync(Left(timeout, started), cancellationToken).ConfigureAwait(false);
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
            _requests.TryRemove(token, out _);
        }
    }

    public NatsSubscription Subscribe(string subject, int capacity)
    {
        lock (_gate)
        {
            var subscription = new NatsSubscription(++_lastSid, subject, capacity, Unsubscribe);
            _subscriptions[subscription.Sid] = subscription;
            Tell(_link, SubLine(subject, subscription.Sid));
            return subscription;
        }
    }

    public string NewInbox() =>
        $"_INBOX.{_inbox.AsSpan("_INBOX.".Length)}-{Interlocked.Increment(ref _lastInbox).ToString(CultureInfo.InvariantCulture)}";

    public async Task Flush(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var link = Volatile.Read(ref _link)
            ?? await Connected(timeout < _settings.ReconnectPatience ? timeout : _settings.ReconnectPatience, cancellationToken).ConfigureAwait(false);
        try
        {
            await link.Ping().WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException timedOut)
        {
            throw new NatsException(NatsFailure.Timeout, $"NATS at {link.Server} did not answer a ping in time.", timedOut);
        }
    }

    /// <summary>Cuts the connection as a broken network would; the client then connects again.</summary>
    public void Interrupt() => Volatile.Read(ref _link)?.End();

    /// <summary>Sends what waits (bounded), then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        if (_link is not null)
        {
            await Flush(TimeSpan.FromSeconds(2), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        foreach (var subscription in _subscriptions.Values)
        {
            subscription.Dispose();
        }

        _closing.Dispose();
    }

    private static TaskCompletionSource<NatsLink> NewConnected() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static byte[] SubLine(string subject, long sid) =>
        Encoding.UTF8.GetBytes($"SUB {subject} {sid.ToString(CultureInfo.InvariantCulture)}");

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
            await full.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<NatsLink> Connected(TimeSpan patience, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        try
        {
            return await Volatile.Read(ref _connected).Task.WaitAsync(patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException timedOut)
        {
            throw new NatsException(NatsFailure.Disconnected, $"NATS at {Server} is not connected.", timedOut);
        }
    }

    private async Task StayConnected()
    {
        var closing = _closing.Token;
        try
        {
            var before = false;
            while (true)
            {
                await using var link = await Connect(closing).ConfigureAwait(false);
                Adopt(link, before);
                var reason = await link.Run(Take, Learn, closing).ConfigureAwait(false);
                Abandon(link, reason);
                before = true;
                closing.ThrowIfCancellationRequested();
                NatsLog.Lost(_logger, link.Server, reason.Message);
                NatsTelemetry.Failed("connection", reason.Failure.ToString());
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            _connected.TrySetException(new NatsException(NatsFailure.Disconnected, "The NATS client is closed."));
            _ = _connected.Task.Exception;
        }
    }

    private async Task<NatsLink> Connect(CancellationToken closing)
    {
        var delay = FirstDelay;
        for (var attempt = 0L; ; attempt++)
        {
            NatsServer server;
            lock (_gate)
            {
                server = _servers[(int)(attempt % _servers.Count)];
            }

            Server = server;
            try
            {
                return await NatsLink.Open(server, _settings, closing).ConfigureAwait(false);
            }
            catch (NatsException failed)
            {
                NatsTelemetry.Failed("connect", failed.Failure.ToString());
                if (attempt == 0 || delay >= _settings.MaxReconnectDelay || failed.Failure is NatsFailure.Refused)
                {
                    NatsLog.NotReached(_logger, server, failed.Message);
                }
            }

            if ((attempt + 1) % _servers.Count == 0)
            {
                await Task.Delay(delay * (0.75 + (Random.Shared.NextDouble() / 2)), closing).ConfigureAwait(false);
                delay = delay * 2 < _settings.MaxReconnectDelay ? delay * 2 : _settings.MaxReconnectDelay;
            }
        }
    }

    private void Adopt(NatsLink link, bool again)
    {
        lock (_gate)
        {
            Know(link.Info, link.Server);
            link.Sending.Line(SubLine($"{_inbox}.*", InboxSid));
            foreach (var subscription in _subscriptions.Values)
            {
                link.Sending.Line(SubLine(subscription.Subject, subscription.Sid));
                subscription.Offer(NatsMessage.Restored);
            }

            Volatile.Write(ref _link, link);
        }

        _connected.TrySetResult(link);
        if (again)
        {
            Reconnects++;
            NatsTelemetry.Reconnected();
        }

        NatsLog.Connected(_logger, link.Server);
    }

    private void Abandon(NatsLink link, NatsException reason)
    {
        lock (_gate)
        {
            Volatile.Write(ref _connected, NewConnected());
            Volatile.Write(ref _link, null);
        }

        foreach (var request in _requests.Values)
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
            if (_requests.TryRemove(frame.Token, out var waiting))
            {
                waiting.TrySetResult(frame.ToMessage());
            }
        }
        else if (_subscriptions.TryGetValue(frame.Sid, out var subscription) && !subscription.Offer(frame.ToMessage()))
        {
            NatsTelemetry.Failed("receive", "dropped");
            if (subscription.Dropped == 1)
            {
                NatsLog.Dropped(_logger, subscription.Subject);
            }
        }
    }

    private void Learn(ServerInfo info)
    {
        lock (_gate)
        {
            Know(info, Server);
        }
    }

    private void Know(ServerInfo info, NatsServer by)
    {
        foreach (var address in info.ConnectUrls ?? [])
        {
            if (NatsServer.Told(address, by) is { } told && _servers.Count < 64 && !_servers.Exists(told.SameAddress))
            {
                _servers.Add(told);
            }
        }
    }

    private void Unsubscribe(NatsSubscription subscription)
    {
        lock (_gate)
        {
            if (_subscriptions.TryRemove(subscription.Sid, out _))
            {
                Tell(_link, Encoding.UTF8.GetBytes($"UNSUB {subscription.Sid.ToString(CultureInfo.InvariantCulture)}"));
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
