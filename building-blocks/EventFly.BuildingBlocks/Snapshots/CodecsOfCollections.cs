using System.Collections.Immutable;

namespace EventFly.BuildingBlocks.Snapshots;

/// <summary>A collection that is written as its items and made from them again.</summary>
internal abstract class ItemsCodec<T, TItem> : Codec<T>, ITypeParts
{
    private Codec<TItem> items = null!;

    public void FindParts() => items = Codec.For<TItem>();

    public sealed override void Write(SnapshotWriter writer, T value)
    {
        if (value is null)
        {
            writer.Number(0UL);
            return;
        }

        var all = Items(value);
        writer.Number((ulong)all.Count + 1);
        foreach (var item in all)
        {
            items.Write(writer, item);
        }
    }

    public sealed override T Read(SnapshotReader reader)
    {
        var count = reader.Count();
        if (count == 0)
        {
            return default!;
        }

        var read = new TItem[count - 1];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = items.Read(reader);
        }

        return From(read);
    }

    protected virtual IReadOnlyCollection<TItem> Items(T collection) => (IReadOnlyCollection<TItem>)collection!;

    protected abstract T From(TItem[] items);

    /// <summary>An order or equality that only the collection knows would be lost.</summary>
    protected static T Plain<TComparer>(T collection, TComparer comparer, params ReadOnlySpan<TComparer> plain) =>
        plain.Contains(comparer) ? collection : throw Codec.Refused(typeof(T), "it compares in a way of its own");
}

internal sealed class ListCodec<T, TItem> : ItemsCodec<T, TItem>
{
    protected override IReadOnlyCollection<TItem> Items(T collection) =>
        collection as IReadOnlyCollection<TItem> ?? [.. (IEnumerable<TItem>)collection!];

    protected override T From(TItem[] items) => (T)(object)(typeof(T) == typeof(List<TItem>) ? new List<TItem>(items) : items);
}

internal sealed class ImmutableArrayCodec<TItem> : ItemsCodec<ImmutableArray<TItem>, TItem>
{
    protected override ImmutableArray<TItem> From(TItem[] items) => [.. items];
}

internal sealed class ImmutableListCodec<TItem> : ItemsCodec<ImmutableList<TItem>, TItem>
{
    protected override ImmutableList<TItem> From(TItem[] items) => [.. items];
}

internal sealed class ImmutableHashSetCodec<TItem> : ItemsCodec<ImmutableHashSet<TItem>, TItem>
{
    protected override IReadOnlyCollection<TItem> Items(ImmutableHashSet<TItem> collection) =>
        Plain(collection, collection.KeyComparer, EqualityComparer<TItem>.Default);

    protected override ImmutableHashSet<TItem> From(TItem[] items) => [.. items];
}

internal sealed class ImmutableSortedSetCodec<TItem> : ItemsCodec<ImmutableSortedSet<TItem>, TItem>
{
    protected override IReadOnlyCollection<TItem> Items(ImmutableSortedSet<TItem> collection) =>
        Plain(collection, collection.KeyComparer, Comparer<TItem>.Default);

    protected override ImmutableSortedSet<TItem> From(TItem[] items) => [.. items];
}

internal sealed class ImmutableDictionaryCodec<TKey, TValue> : ItemsCodec<ImmutableDictionary<TKey, TValue>, (TKey Key, TValue Value)>
    where TKey : notnull
{
    protected override IReadOnlyCollection<(TKey Key, TValue Value)> Items(ImmutableDictionary<TKey, TValue> collection) =>
        [.. Plain(collection, collection.KeyComparer, EqualityComparer<TKey>.Default).Select(pair => (pair.Key, pair.Value))];

    protected override ImmutableDictionary<TKey, TValue> From((TKey Key, TValue Value)[] items) =>
        items.ToImmutableDictionary(pair => pair.Key, pair => pair.Value);
}

internal sealed class ImmutableSortedDictionaryCodec<TKey, TValue> : ItemsCodec<ImmutableSortedDictionary<TKey, TValue>, (TKey Key, TValue Value)>
    where TKey : notnull
{
    protected override IReadOnlyCollection<(TKey Key, TValue Value)> Items(ImmutableSortedDictionary<TKey, TValue> collection) =>
        [.. Plain(collection, collection.KeyComparer, Comparer<TKey>.Default).Select(pair => (pair.Key, pair.Value))];

    protected override ImmutableSortedDictionary<TKey, TValue> From((TKey Key, TValue Value)[] items) =>
        items.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value);
}

internal sealed class DictionaryCodec<T, TKey, TValue> : ItemsCodec<T, (TKey Key, TValue Value)>
    where TKey : notnull
{
    protected override IReadOnlyCollection<(TKey Key, TValue Value)> Items(T collection) =>
        [.. ((IEnumerable<KeyValuePair<TKey, TValue>>)collection!).Select(pair => (pair.Key, pair.Value))];

    protected override T From((TKey Key, TValue Value)[] items) => (T)(object)items.ToDictionary(pair => pair.Key, pair => pair.Value);
}
