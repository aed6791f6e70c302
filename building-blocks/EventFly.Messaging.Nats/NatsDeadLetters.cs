using System.Globalization;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Messaging.Nats.Client;
using EventFly.Messaging.Nats.JetStream;
using Microsoft.Extensions.Logging;

namespace EventFly.Messaging.Nats;

/// <summary>Dead letters in a stream of their own, each under <c>eventfly-dead.&lt;listener&gt;.&lt;original subject&gt;</c>.</summary>
internal sealed class NatsDeadLetters(JetStreamApi streams, NatsClientSettings settings, ILogger<NatsDeadLetters> logger)
    : IDeadLetters
{
    private const int MaxReason = 1000;

    public async Task<IReadOnlyList<DeadLetter>> List(string? listener, long after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 500);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        var subjects = listener is null ? $"{Names.DeadLetterPrefix}.>" : $"{Names.DeadLetterPrefix}.{Names.Token(listener)}.>";
        var letters = new List<DeadLetter>();
        return await Available(async () =>
        {
            while (letters.Count < limit
                && await streams.Get(Names.DeadLetters, new GetMessage(after + 1, subjects), cancellationToken) is { } stored)
            {
                after = stored.Seq;
                letters.Add(Read(stored));
            }

            return letters;
        });
    }

    public Task<long> Count(CancellationToken cancellationToken) => Available(() => streams.CountOf(Names.DeadLetters, cancellationToken));

    // Stored for the listener first, removed here second: when the process dies in between, a second replay is harmless.
    public Task<bool> Replay(long sequence, CancellationToken cancellationToken) => Available(async () =>
    {
        if (sequence < 1
            || await streams.Get(Names.DeadLetters, new GetMessage(sequence), cancellationToken) is not { } stored)
        {
            return false;
        }

        var letter = Read(stored);
        var before = Headers(stored);
        var headers = new NatsHeaders()
            .With(Names.MessageId, $"replay/{sequence.ToString(CultureInfo.InvariantCulture)}/{letter.At:O}")
            .With(Names.OriginalId, before?[Names.OriginalId] ?? "");
        if (before?[Names.Traceparent] is { } traceparent)
        {
            headers.With(Names.Traceparent, traceparent);
        }

        var message = new NatsMessage($"{Names.ReplayPrefix}.{letter.Listener}.{letter.Subject}", letter.Data, headers);
        await streams.Store(JetStreamApi.Replays(), message, settings.RequestTimeout, cancellationToken);
        await streams.Delete(Names.DeadLetters, sequence, cancellationToken);
        NatsLog.Replayed(logger, sequence, letter.Listener, letter.Subject);
        return true;
    });

    /// <summary>Returns once the letter is stored.</summary>
    /// <param name="listener">Whose reaction failed.</param>
    /// <param name="delivery">What it failed at.</param>
    /// <param name="reason">What the last try said.</param>
    /// <param name="origin">Stream and number where the message lies: with the message's id they make storing it twice harmless.</param>
    /// <param name="original">The message's own headers.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NatsException">Not stored, or not known whether.</exception>
    public async Task Store(
        string listener, Delivery delivery, string reason, string origin, NatsHeaders? original, CancellationToken cancellationToken)
    {
        var id = original?[Names.OriginalId] ?? original?[Names.MessageId] ?? "";
        var headers = new NatsHeaders()
            .With(Names.MessageId, $"{listener}/{origin}/{id}")
            .With(Names.OriginalId, id)
            .With(Names.Reason, reason.Length > MaxReason ? reason[..MaxReason] : reason)
            .With(Names.Attempts, delivery.Attempt.ToString(CultureInfo.InvariantCulture));
        if (original?[Names.Traceparent] is { } traceparent)
        {
            headers.With(Names.Traceparent, traceparent);
        }

        var letter = new NatsMessage($"{Names.DeadLetterPrefix}.{listener}.{delivery.Subject}", delivery.Data, headers);
        try
        {
            await streams.Store(JetStreamApi.DeadLetters(), letter, settings.RequestTimeout, cancellationToken);
        }
        catch (NatsException missing) when (missing.Failure is NatsFailure.NoResponders)
        {
            streams.Doubt(Names.DeadLetters);
            await streams.Store(JetStreamApi.DeadLetters(), letter, settings.RequestTimeout, cancellationToken);
        }
    }

    private static NatsHeaders? Headers(StoredMessage stored) => stored.Hdrs is { Length: > 0 } bytes ? NatsHeaders.Read(bytes) : null;

    private static DeadLetter Read(StoredMessage stored)
    {
        var headers = Headers(stored);
        var parts = stored.Subject.Split('.', 3);
        _ = int.TryParse(headers?[Names.Attempts], NumberStyles.None, CultureInfo.InvariantCulture, out var attempts);
        return new DeadLetter(
            stored.Seq, parts[1], parts[2], headers?[Names.Reason] ?? "", attempts, stored.Time.ToUniversalTime(), stored.Data ?? []);
    }

    private static async Task<T> Available<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (NatsException failed)
        {
            NatsTelemetry.Failed("dead letters", failed.Failure.ToString());
            throw new BusUnavailableException($"The dead letters cannot be reached: {failed.Message}", failed);
        }
    }
}
