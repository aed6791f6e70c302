using System.Collections.Concurrent;

namespace EventFly.Payments.Payments;

/// <summary>The last payments that brought money in this process. Nothing depends on it but work that is saved.</summary>
internal sealed class RecentlyPaid
{
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<Guid, string> known = new();
    private readonly ConcurrentQueue<Guid> inOrder = new();

    public void Add(Guid paymentId, string processorId)
    {
        if (!known.TryAdd(paymentId, processorId)) return;
        inOrder.Enqueue(paymentId);
        while (inOrder.Count > Most && inOrder.TryDequeue(out var oldest)) known.TryRemove(oldest, out _);
    }

    public bool Has(Guid paymentId, string processorId) => known.TryGetValue(paymentId, out var id) && id == processorId;
}
