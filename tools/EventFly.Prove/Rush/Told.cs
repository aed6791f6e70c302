using System.Collections.Concurrent;
using EventFly.Prove.Plan;

namespace EventFly.Prove.Rush;

/// <summary>What a client was told with a 2xx, and relies on.</summary>
/// <param name="Status">As the answer said it.</param>
/// <param name="Id">Of the payment or refund; of the order otherwise.</param>
internal sealed record Promise(Kept Kept, Guid OrderId, Guid Id, string Status, long Amount)
{
    public IReadOnlyList<Wanted> Lines { get; init; } = [];

    /// <summary>The one ticket that was refunded; null for all.</summary>
    public Guid? TicketId { get; init; }
}

internal enum Kept
{
    Hold,
    Release,
    Order,
    Cancellation,
    Payment,
    Refund,
}

/// <summary>What the buyers bring home.</summary>
internal sealed class Told
{
    private readonly ConcurrentQueue<Promise> promises = new();
    private readonly ConcurrentQueue<string> surprises = new();
    private readonly ConcurrentDictionary<string, int> outcomes = new(StringComparer.Ordinal);

    public IReadOnlyList<Promise> Promises => [.. promises];

    /// <summary>Answers that nothing explains: 5xx, and refusals that the request did not deserve.</summary>
    public IReadOnlyList<string> Surprises => [.. surprises];

    public IEnumerable<(string Outcome, int Buyers)> Outcomes =>
        outcomes.Select(outcome => (outcome.Key, outcome.Value)).OrderByDescending(outcome => outcome.Value).ThenBy(outcome => outcome.Key, StringComparer.Ordinal);

    public int Surprised => surprises.Count;

    public void Add(Promise promise) => promises.Enqueue(promise);

    public void WasSurprised(Buyer buyer, string step, Answer answer)
    {
        var said = answer.Said.Length > 300 ? answer.Said[..300] : answer.Said;
        surprises.Enqueue($"buyer {buyer.Number} ({buyer.Course}, {buyer.Manner}): {step} was answered {(answer.Status == 0 ? "nothing" : answer.Status)} {said}");
    }

    public void Ended(string outcome) => outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);
}
