using System.Collections.Concurrent;

namespace EventFly.StripeSimulator.Storage;

internal interface IStripeObject
{
    string Id { get; }

    long Created { get; }
}

/// <summary>Objects of one kind in the order of their arrival. Beyond the limit the oldest make room.</summary>
internal sealed class Shelf<T>(int limit)
    where T : class, IStripeObject
{
    private readonly ConcurrentDictionary<string, Slot> byId = new(StringComparer.Ordinal);
    private readonly Slot?[] ring = new Slot?[limit];
    private long last;
    private long count;

    public long Count => Interlocked.Read(ref count);

    public Slot Add(T value)
    {
        var slot = new Slot(value, Interlocked.Increment(ref last));
        if (Interlocked.Exchange(ref ring[slot.Sequence % limit], slot) is { } oldest) Forget(oldest);
        byId[value.Id] = slot;
        Interlocked.Increment(ref count);
        return slot;
    }

    public T? Find(string id) => byId.TryGetValue(id, out var slot) ? slot.Value : null;

    public Slot? FindSlot(string id) => byId.GetValueOrDefault(id);

    public bool Remove(string id)
    {
        if (!byId.TryGetValue(id, out var slot)) return false;
        Interlocked.CompareExchange(ref ring[slot.Sequence % limit], null, slot);
        Forget(slot);
        return true;
    }

    public IEnumerable<T> NewestFirst(string? after = null)
    {
        var newest = Interlocked.Read(ref last);
        var from = after is null ? newest : (FindSlot(after)?.Sequence ?? 0) - 1;
        for (var sequence = from; sequence > 0 && sequence > newest - limit; sequence--)
        {
            if (ring[sequence % limit] is { } slot && slot.Sequence == sequence) yield return slot.Value;
        }
    }

    public IEnumerable<T> OldestFirst(string after)
    {
        if (FindSlot(after) is not { } start) yield break;
        for (var sequence = start.Sequence + 1; sequence <= Interlocked.Read(ref last); sequence++)
        {
            if (ring[sequence % limit] is { } slot && slot.Sequence == sequence) yield return slot.Value;
        }
    }

    private void Forget(Slot slot)
    {
        if (byId.TryRemove(KeyValuePair.Create(slot.Value.Id, slot))) Interlocked.Decrement(ref count);
    }

    /// <summary>Where one object lives. Whoever replaces it holds the gate; readers see the old or the new one, never half.</summary>
    internal sealed class Slot(T value, long sequence)
    {
        private volatile T value = value;

        public Lock Gate { get; } = new();

        public long Sequence => sequence;

        public T Value
        {
            get => value;
            set => this.value = value;
        }
    }
}
