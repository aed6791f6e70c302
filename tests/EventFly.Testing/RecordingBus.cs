using System.Collections.Concurrent;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts;

namespace EventFly.Testing;

/// <summary>
/// The bus as a whole double: stores what is published (a repeated id once), hands it to consumers per listener, in order per aggregate, again until
/// it is done or dead. Retries come at once. <see cref="DeliverTwice"/> shows what at-least-once means.
/// </summary>
public sealed class RecordingBus(TimeProvider clock) : IBus, IDeadLetters
{
    private const int Tries = 5;

    private readonly Lock gate = new();
    private readonly List<Announcement> published = [];
    private readonly HashSet<Guid> ids = [];
    private readonly List<DeadLetter> dead = [];
    private readonly ConcurrentDictionary<Subscription, Consumer> consumers = new();
    private long deadSequence;
    private int inHand;

    /// <summary>Hand every message over twice.</summary>
    public bool DeliverTwice { get; set; }

    /// <summary>Publishing fails as if the bus were away.</summary>
    public bool IsAway { get; set; }

    /// <summary>Everything that was published, in order.</summary>
    public IReadOnlyList<Announcement> Published
    {
        get
        {
            lock (gate)
            {
                return [.. published];
            }
        }
    }

    /// <summary>The published contract records of one type, in order.</summary>
    public IReadOnlyList<T> Messages<T>()
        where T : class
    {
        var type = ContractAttribute.Of(typeof(T)).Type;
        return [.. Published.Select(announcement => Envelope.Read(announcement.Envelope.Span)).Where(envelope => envelope.Type == type).Select(envelope => (T)envelope.Message(typeof(T)))];
    }

    /// <summary>Waits until a contract record of this type was published that meets the condition.</summary>
    public async Task<T> Expect<T>(Func<T, bool>? condition = null)
        where T : class
    {
        T? found = null;
        await Eventually.True(() => (found = Messages<T>().FirstOrDefault(condition ?? (static _ => true))) is not null, $"{typeof(T).Name} is published");
        return found!;
    }

    /// <summary>Says something as another service would, and waits until everybody here has heard it.</summary>
    public async Task Say(object message, string aggregateId, long sequence = 1)
    {
        await Publish(Envelope.Wrap(message, aggregateId, sequence, clock.GetUtcNow()), CancellationToken.None);
        await Settled();
    }

    /// <summary>Waits until no message is being handled or waits to be.</summary>
    public Task Settled() => Eventually.True(() => Volatile.Read(ref inHand) == 0, "every message was handled");

    public Task Publish(Announcement announcement, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            throw new BusUnavailableException("The bus is away, as the test wanted.");
        }

        lock (gate)
        {
            if (!ids.Add(announcement.Id))
            {
                return Task.CompletedTask;
            }

            published.Add(announcement);
            foreach (var consumer in consumers.Values)
            {
                Offer(consumer, announcement);
            }
        }

        return Task.CompletedTask;
    }

    public async Task Consume(Subscription subscription, Func<Delivery, CancellationToken, Task<Disposition>> handler, CancellationToken cancellationToken)
    {
        var consumer = consumers.GetOrAdd(subscription, static added => new Consumer(added));
        lock (gate)
        {
            if (!consumer.HasStarted)
            {
                consumer.HasStarted = true;
                published.ForEach(announcement => Offer(consumer, announcement));
            }
        }

        try
        {
            while (true)
            {
                await consumer.Waiting.WaitAsync(cancellationToken);
                if (consumer.Queue.TryDequeue(out var announcement))
                {
                    await Deliver(subscription, announcement, handler);
                    Interlocked.Decrement(ref inHand);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The listener stops; what waits stays for the next one.
        }
    }

    public Task<IReadOnlyList<DeadLetter>> List(string? listener, long after, int limit, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<DeadLetter>>(
                [.. dead.Where(letter => letter.Sequence > after && (listener is null || letter.Listener == listener)).Take(limit)]);
        }
    }

    public Task<long> Count(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult((long)dead.Count);
        }
    }

    public Task<bool> Replay(long sequence, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (dead.Find(letter => letter.Sequence == sequence) is not { } found)
            {
                return Task.FromResult(false);
            }

            dead.Remove(found);
            foreach (var consumer in consumers.Values.Where(consumer => consumer.Subscription.Listener == found.Listener && Hears(consumer, found.Subject)))
            {
                Put(consumer, new Announcement(Guid.CreateVersion7(), found.Subject, found.Data));
            }

            return Task.FromResult(true);
        }
    }

    private static bool Hears(Consumer consumer, string subject) => subject.StartsWith($"eventfly.{consumer.Subscription.Speaker}.", StringComparison.Ordinal);

    private void Offer(Consumer consumer, Announcement announcement)
    {
        if (consumer.HasStarted && Hears(consumer, announcement.Subject))
        {
            for (var time = 0; time < (DeliverTwice ? 2 : 1); time++)
            {
                Put(consumer, announcement);
            }
        }
    }

    private void Put(Consumer consumer, Announcement announcement)
    {
        Interlocked.Increment(ref inHand);
        consumer.Queue.Enqueue(announcement);
        consumer.Waiting.Release();
    }

    private async Task Deliver(Subscription subscription, Announcement announcement, Func<Delivery, CancellationToken, Task<Disposition>> handler)
    {
        for (var attempt = 1; ; attempt++)
        {
            Disposition disposition;
            try
            {
                // Deliveries in the handler are finished first, so the listener's end is not theirs.
                disposition = await handler(new Delivery(announcement.Subject, announcement.Envelope, attempt), CancellationToken.None);
            }
            catch (Exception exception)
            {
                disposition = Disposition.Retry(exception.Message);
            }

            if (disposition.Kind == DispositionKind.Done)
            {
                return;
            }

            if (disposition.Kind == DispositionKind.Dead || attempt == Tries)
            {
                lock (gate)
                {
                    dead.Add(new DeadLetter(
                        ++deadSequence, subscription.Listener, announcement.Subject, disposition.Reason ?? "", attempt, clock.GetUtcNow(), announcement.Envelope));
                }

                return;
            }
        }
    }

    private sealed class Consumer(Subscription subscription)
    {
        public Subscription Subscription => subscription;

        public ConcurrentQueue<Announcement> Queue { get; } = new();

        public SemaphoreSlim Waiting { get; } = new(0);

        public bool HasStarted { get; set; }
    }
}
