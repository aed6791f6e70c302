using System.Collections.Concurrent;
using System.Threading.Channels;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Messaging.Nats.Client;
using Microsoft.Extensions.Logging;

namespace EventFly.Messaging.Nats.JetStream;

/// <summary>
/// One subscription at work in this process: two sources are pulled, deliveries go to lanes by aggregate, each lane handles one after
/// the other. Nothing is acknowledged before its handler said so.
/// </summary>
internal sealed class Consumption
{
    private const int MaxAckPending = 5000;
    private const int ReplayWindow = 16;
    private static readonly TimeSpan LagInterval = TimeSpan.FromSeconds(10);
    private readonly INatsClient _client;
    private readonly JetStreamApi _streams;
    private readonly NatsClientSettings _settings;
    private readonly ILogger _logger;
    private readonly Subscription _subscription;
    private readonly Source[] _sources;
    private readonly Channel<Received>[] _lanes;
    private readonly ConcurrentDictionary<(bool Replay, long Sequence), Received> _held = new();
    private readonly Settlement _settlement;

    public Consumption(
        INatsClient client,
        JetStreamApi streams,
        NatsDeadLetters deadLetters,
        NatsClientSettings settings,
        ILogger logger,
        Subscription subscription,
        Func<Delivery, CancellationToken, Task<Disposition>> handler)
    {
        _client = client;
        _streams = streams;
        _settings = settings;
        _logger = logger;
        _subscription = subscription;
        var (listener, speaker) = (Names.Token(subscription.Listener), Names.Token(subscription.Speaker));
        var ackWait = JetStreamApi.Nanoseconds(settings.AckWait);
        _sources =
        [
            new(
                streams.Speaking(speaker),
                new(listener, Names.SubjectsOf(speaker), ackWait, MaxAckPending),
                IsReplay: false,
                new Window(settings.MaxDelivering)),
            new(
                JetStreamApi.Replays(),
                new($"{listener}-from-{speaker}", $"{Names.ReplayPrefix}.{listener}.{Names.SubjectsOf(speaker)}", ackWait, MaxAckPending),
                IsReplay: true,
                new Window(ReplayWindow)),
        ];
        _lanes = [.. Enumerable.Range(0, settings.Lanes).Select(_ => Channel.CreateBounded<Received>(
            new BoundedChannelOptions(settings.MaxDelivering + ReplayWindow) { SingleReader = true }))];
        _settlement = new Settlement(client, deadLetters, settings, logger, subscription, handler);
    }

    public async Task Run(CancellationToken cancellationToken)
    {
        using var cancelHandlers = new CancellationTokenSource();
        using var stopSigns = new CancellationTokenSource();
        var lanes = Array.ConvertAll(_lanes, lane => Task.Run(() => Handle(lane.Reader, cancelHandlers.Token, cancellationToken), CancellationToken.None));
        var signs = Task.WhenAll(KeepHeld(stopSigns.Token), WatchLag(stopSigns.Token));
        NatsLog.Listening(_logger, _subscription.Listener, _subscription.Speaker);
        try
        {
            await Task.WhenAll(Array.ConvertAll(_sources, source => Task.Run(() => Pull(source, cancellationToken), CancellationToken.None)))
                .ConfigureAwait(false);
        }
        finally
        {
            foreach (var lane in _lanes)
            {
                lane.Writer.Complete();
            }

            await Drain(Task.WhenAll(lanes), cancelHandlers).ConfigureAwait(false);
            await stopSigns.CancelAsync().ConfigureAwait(false);
            await signs.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            NatsLog.Stopped(_logger, _subscription.Listener, _subscription.Speaker);
        }
    }

    private async Task Drain(Task lanes, CancellationTokenSource cancelHandlers)
    {
        try
        {
            await lanes.WaitAsync(_settings.DrainTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            NatsLog.DrainTooLong(_logger, _subscription.Listener, _settings.DrainTimeout);
            await cancelHandlers.CancelAsync().ConfigureAwait(false);
            await lanes.WaitAsync(_settings.DrainTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // So that no acknowledgement is still in our buffer when the process ends.
        await _client.Flush(_settings.RequestTimeout, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Pull(Source source, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(50);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _streams.MakeConsumer(source.Stream, source.Consumer, cancellationToken).ConfigureAwait(false);
                var puller = new Puller(_client, source, Accept);
                await puller.Run(() => pause = TimeSpan.FromMilliseconds(50), cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (NatsException failed)
            {
                NatsTelemetry.Failed("receive", failed.Failure.ToString());
                if (pause > TimeSpan.FromMilliseconds(500) || failed.Failure is NatsFailure.Refused or NatsFailure.Protocol)
                {
                    NatsLog.Deaf(_logger, _subscription.Listener, source.Stream.Name, failed.Message);
                }

                await Task.Delay(pause * (0.75 + (Random.Shared.NextDouble() / 2)), cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < _settings.MaxReconnectDelay ? pause * 2 : _settings.MaxReconnectDelay;
            }
        }
    }

    // False: the place in the window is free again.
    private bool Accept(Source source, NatsMessage message)
    {
        if (Received.Read(source, message) is not { } received)
        {
            NatsTelemetry.Failed("receive", "not from a consumer");
            return false;
        }

        if (received.Delivery.Attempt > 1)
        {
            NatsTelemetry.Redelivered(source.Stream.Name, _subscription.Listener);
        }

        var key = (source.IsReplay, received.StreamSequence);
        if (_held.TryGetValue(key, out var held))
        {
            held.ReplyTo = received.ReplyTo;
            return false;
        }

        _held[key] = received;
        var lane = (uint)string.GetHashCode(Names.AggregateOf(received.Delivery.Subject)) % (uint)_lanes.Length;
        if (!_lanes[lane].Writer.TryWrite(received))
        {
            throw new InvalidOperationException("A lane holds as many deliveries as all windows together, and yet it is full.");
        }

        return true;
    }

    private async Task Handle(ChannelReader<Received> lane, CancellationToken cancelHandlers, CancellationToken stopping)
    {
        await foreach (var received in lane.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            try
            {
                if (stopping.IsCancellationRequested)
                {
                    await _settlement.GiveBack(received).ConfigureAwait(false);
                }
                else
                {
                    await _settlement.Handle(received, cancelHandlers).ConfigureAwait(false);
                }
            }
            finally
            {
                _held.TryRemove((received.Source.IsReplay, received.StreamSequence), out _);
                received.Source.Window.Return(1);
            }
        }
    }

    // Waiting in a lane counts as work too: otherwise a slow neighbour would make the bus deliver again.
    private async Task KeepHeld(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_settings.AckWait / 3);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var received in _held.Values)
            {
                await _settlement.InProgress(received, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task WatchLag(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LagInterval);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!NatsTelemetry.WatchesLag || _client.State is not NatsState.Connected)
            {
                continue;
            }

            try
            {
                var pending = await _streams.PendingOf(_sources[0].Stream.Name, _sources[0].Consumer.DurableName, cancellationToken).ConfigureAwait(false);
                NatsTelemetry.Behind(_sources[0].Stream.Name, _subscription.Listener, pending);
            }
            catch (NatsException failed)
            {
                NatsTelemetry.Failed("lag", failed.Failure.ToString());
            }
        }
    }
}
