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
    private readonly INatsClient client;
    private readonly JetStreamApi streams;
    private readonly NatsClientSettings settings;
    private readonly ILogger logger;
    private readonly Subscription subscription;
    private readonly Source[] sources;
    private readonly Channel<Received>[] laneChannels;
    private readonly ConcurrentDictionary<(bool Replay, long Sequence), Received> inHand = new();
    private readonly Settlement settlement;

    public Consumption(
        INatsClient client,
        JetStreamApi streams,
        NatsDeadLetters deadLetters,
        NatsClientSettings settings,
        ILogger logger,
        Subscription subscription,
        Func<Delivery, CancellationToken, Task<Disposition>> handler)
    {
        this.client = client;
        this.streams = streams;
        this.settings = settings;
        this.logger = logger;
        this.subscription = subscription;
        var (listener, speaker) = (Names.Token(subscription.Listener), Names.Token(subscription.Speaker));
        var ackWait = JetStreamApi.Nanoseconds(settings.AckWait);
        sources =
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
        laneChannels = [.. Enumerable.Range(0, settings.Lanes).Select(_ => Channel.CreateBounded<Received>(
            new BoundedChannelOptions(settings.MaxDelivering + ReplayWindow) { SingleReader = true }))];
        settlement = new Settlement(client, deadLetters, settings, logger, subscription, handler);
    }

    public async Task Run(CancellationToken cancellationToken)
    {
        using var cancelHandlers = new CancellationTokenSource();
        using var stopSigns = new CancellationTokenSource();
        var lanes = Array.ConvertAll(laneChannels, lane => Task.Run(() => Handle(lane.Reader, cancelHandlers.Token, cancellationToken), CancellationToken.None));
        var signs = Task.WhenAll(KeepHeld(stopSigns.Token), WatchLag(stopSigns.Token));
        NatsLog.Listening(logger, subscription.Listener, subscription.Speaker);
        try
        {
            await Task.WhenAll(Array.ConvertAll(sources, source => Task.Run(() => Pull(source, cancellationToken), CancellationToken.None)));
        }
        finally
        {
            foreach (var lane in laneChannels)
            {
                lane.Writer.Complete();
            }

            await Drain(Task.WhenAll(lanes), cancelHandlers);
            await stopSigns.CancelAsync();
            await signs.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            NatsLog.Stopped(logger, subscription.Listener, subscription.Speaker);
        }
    }

    private async Task Drain(Task lanes, CancellationTokenSource cancelHandlers)
    {
        try
        {
            await lanes.WaitAsync(settings.DrainTimeout);
        }
        catch (TimeoutException)
        {
            NatsLog.DrainTooLong(logger, subscription.Listener, settings.DrainTimeout);
            await cancelHandlers.CancelAsync();
            await lanes.WaitAsync(settings.DrainTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // So that no acknowledgement is still in our buffer when the process ends.
        await client.Flush(settings.RequestTimeout, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Pull(Source source, CancellationToken cancellationToken)
    {
        var shortest = TimeSpan.FromMilliseconds(50);
        var pause = shortest;
        var told = false;
        void Heard()
        {
            pause = shortest;
            told = false;
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await streams.MakeConsumer(source.Stream, source.Consumer, cancellationToken);
                var puller = new Puller(client, source, Accept);
                await puller.Run(Heard, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                var kind = (failed as NatsException)?.Failure;
                NatsTelemetry.Failed("receive", kind?.ToString() ?? failed.GetType().Name);
                if (!told && (pause > TimeSpan.FromMilliseconds(500) || kind is null or NatsFailure.Refused or NatsFailure.Protocol))
                {
                    told = true;
                    NatsLog.Deaf(logger, subscription.Listener, source.Stream.Name, failed.Message);
                }

                await Task.Delay(pause * (0.75 + (Random.Shared.NextDouble() / 2)), cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < settings.MaxReconnectDelay ? pause * 2 : settings.MaxReconnectDelay;
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
            NatsTelemetry.Redelivered(source.Stream.Name, subscription.Listener);
        }

        var key = (source.IsReplay, received.StreamSequence);
        if (inHand.TryGetValue(key, out var held))
        {
            held.ReplyTo = received.ReplyTo;
            return false;
        }

        inHand[key] = received;
        var lane = (uint)string.GetHashCode(Names.AggregateOf(received.Delivery.Subject)) % (uint)laneChannels.Length;
        if (!laneChannels[lane].Writer.TryWrite(received))
        {
            throw new InvalidOperationException("A lane holds as many deliveries as all windows together, and yet it is full.");
        }

        return true;
    }

    private async Task Handle(ChannelReader<Received> lane, CancellationToken cancelHandlers, CancellationToken stopping)
    {
        await foreach (var received in lane.ReadAllAsync(CancellationToken.None))
        {
            // Whatever goes wrong with one delivery, its lane goes on; the bus delivers it again.
            try
            {
                if (stopping.IsCancellationRequested)
                {
                    await settlement.GiveBack(received);
                }
                else
                {
                    await settlement.Handle(received, cancelHandlers);
                }
            }
            catch (Exception unexpected)
            {
                NatsTelemetry.Failed("settle", unexpected.GetType().Name);
                NatsLog.LaneFailed(logger, subscription.Listener, received.Delivery.Subject, unexpected);
            }
            finally
            {
                inHand.TryRemove((received.Source.IsReplay, received.StreamSequence), out _);
                received.Source.Window.Return(1);
            }
        }
    }

    // Waiting in a lane counts as work too: otherwise a slow neighbour would make the bus deliver again.
    private async Task KeepHeld(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(settings.AckWait / 3);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var received in inHand.Values)
            {
                await settlement.InProgress(received, cancellationToken);
            }
        }
    }

    private async Task WatchLag(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LagInterval);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (!NatsTelemetry.WatchesLag || client.State is not NatsState.Connected)
            {
                continue;
            }

            try
            {
                var pending = await streams.PendingOf(sources[0].Stream.Name, sources[0].Consumer.DurableName, cancellationToken);
                NatsTelemetry.Behind(sources[0].Stream.Name, subscription.Listener, pending);
            }
            catch (NatsException failed)
            {
                NatsTelemetry.Failed("lag", failed.Failure.ToString());
            }
        }
    }
}
