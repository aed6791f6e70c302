namespace EventFly.BuildingBlocks.Messaging;

/// <summary>The bus as features never see it: only the relay publishes and only the dispatcher consumes.</summary>
public interface IBus
{
    /// <summary>Completes when the bus has stored the message. A repetition (same id) is recognised by the bus and is fine.</summary>
    /// <exception cref="BusUnavailableException">Not connected, or no answer in time; the outcome is unknown.</exception>
    /// <exception cref="ArgumentException">Larger than the bus takes, or not a subject of ours: sending it again cannot help.</exception>
    Task Publish(Announcement announcement, CancellationToken cancellationToken);

    /// <summary>
    /// Consumes durably until cancelled, through lost connections and restarts of the bus. Messages about one aggregate are handed over
    /// one after the other, messages about different ones in parallel (bounded).
    /// </summary>
    /// <param name="subscription">Who listens to whom.</param>
    /// <param name="handler">Says what becomes of the delivery. An exception counts as <see cref="Disposition.Retry"/>.</param>
    /// <param name="cancellationToken">Ends the consumption; deliveries in the handler are finished first.</param>
    Task Consume(Subscription subscription, Func<Delivery, CancellationToken, Task<Disposition>> handler, CancellationToken cancellationToken);
}

/// <summary>Who listens to whom: one durable consumer.</summary>
/// <param name="Listener">The listening service, for example <c>payments</c>.</param>
/// <param name="Speaker">The speaking service, for example <c>participants</c>.</param>
public sealed record Subscription(string Listener, string Speaker);

/// <summary>A message as it came.</summary>
/// <param name="Subject">Its bus subject.</param>
/// <param name="Data">The envelope's bytes.</param>
/// <param name="Attempt">1 for the first delivery.</param>
public sealed record Delivery(string Subject, ReadOnlyMemory<byte> Data, int Attempt);

/// <summary>What becomes of a delivery.</summary>
/// <param name="Kind">Done, retry or dead.</param>
/// <param name="Reason">Why it is retried or dead; shown to operators. No personal data.</param>
public sealed record Disposition(DispositionKind Kind, string? Reason = null)
{
    /// <summary>The effect is stored, or there is nothing to do.</summary>
    public static Disposition Done { get; } = new(DispositionKind.Done);

    /// <summary>Deliver it again later; after the last try it becomes a dead letter.</summary>
    public static Disposition Retry(string reason) => new(DispositionKind.Retry, reason);

    /// <summary>No retry can help (it cannot be read): to the dead letters at once.</summary>
    public static Disposition Dead(string reason) => new(DispositionKind.Dead, reason);
}

/// <summary>See <see cref="Disposition"/>.</summary>
public enum DispositionKind
{
    /// <summary>Acknowledge.</summary>
    Done,

    /// <summary>Deliver again, with back-off.</summary>
    Retry,

    /// <summary>To the dead letters.</summary>
    Dead,
}

/// <summary>Messages that could not be handled, kept until somebody looks.</summary>
public interface IDeadLetters
{
    /// <summary>The oldest first.</summary>
    /// <param name="listener">Only those of one service, or null for all.</param>
    /// <param name="after">Keyset cursor: the last <see cref="DeadLetter.Sequence"/> seen; 0 for the beginning.</param>
    /// <param name="limit">At most this many, 1 to 500.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<DeadLetter>> List(string? listener, long after, int limit, CancellationToken cancellationToken);

    /// <summary>How many there are.</summary>
    Task<long> Count(CancellationToken cancellationToken);

    /// <summary>Hands it to its listener once more (to that listener only) and removes it. False when there is no such letter.</summary>
    Task<bool> Replay(long sequence, CancellationToken cancellationToken);
}

/// <summary>A message that could not be handled.</summary>
/// <param name="Sequence">Its number among the dead letters.</param>
/// <param name="Listener">Whose reaction failed.</param>
/// <param name="Subject">The original bus subject.</param>
/// <param name="Reason">What the last try said.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="At">When it was given up, UTC.</param>
/// <param name="Data">The envelope's bytes.</param>
public sealed record DeadLetter(
    long Sequence, string Listener, string Subject, string Reason, int Attempts, DateTimeOffset At, ReadOnlyMemory<byte> Data);

/// <summary>The bus did not answer, or not in time.</summary>
public sealed class BusUnavailableException : Exception
{
    /// <summary>Without a reason.</summary>
    public BusUnavailableException()
    {
    }

    /// <summary>With a sentence that names the bus, never its credentials.</summary>
    public BusUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence and what the client said.</summary>
    public BusUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
