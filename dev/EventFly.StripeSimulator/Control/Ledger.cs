using System.Collections.Concurrent;

namespace EventFly.StripeSimulator.Control;

/// <summary>One movement of money. Amounts are positive; <see cref="Kind"/> says in which direction.</summary>
internal sealed record Movement(
    long Sequence, string Kind, string Id, string Charge, string? PaymentIntent, long Amount, string Currency, long Created,
    IReadOnlyDictionary<string, string> Metadata);

/// <param name="Evicted">How many of the first movements are gone; a proof over all of them needs 0.</param>
internal sealed record LedgerPage(IReadOnlyList<Movement> Movements, long? Next, long Total, long Evicted);

/// <summary>Every movement of money in order: charge, refund, refund_failure, dispute, dispute_won. For proofs, so it only ever grows at its end.</summary>
internal sealed class Ledger(int limit)
{
    private readonly ConcurrentDictionary<long, Movement> movements = new();
    private long last;

    public void Add(
        string kind, string id, string charge, string? paymentIntent, long amount, string currency, long created,
        IReadOnlyDictionary<string, string> metadata)
    {
        var sequence = Interlocked.Increment(ref last);
        movements[sequence] = new(sequence, kind, id, charge, paymentIntent, amount, currency, created, metadata);
        movements.TryRemove(sequence - limit, out _);
    }

    public LedgerPage Page(long after, int size, string? paymentIntent)
    {
        var end = Interlocked.Read(ref last);
        var evicted = Math.Max(0, end - limit);
        var page = new List<Movement>();
        var sequence = Math.Max(after, evicted);
        while (sequence < end && page.Count < size)
        {
            sequence++;
            if (movements.TryGetValue(sequence, out var movement) && (paymentIntent is null || movement.PaymentIntent == paymentIntent))
            {
                page.Add(movement);
            }
        }

        return new LedgerPage(page, sequence < end ? sequence : null, end, evicted);
    }
}
