namespace EventFly.BuildingBlocks.Snapshots;

/// <summary>A leaf as a snapshot holds it.</summary>
internal sealed class PackedLeaf<TKey, TValue>(TKey first, int count, ReadOnlyMemory<byte> bytes, OrderedMapCodec<TKey, TValue> codec)
    where TKey : notnull, IComparable<TKey>
{
    public TKey First => first;

    public int Count => count;

    public ReadOnlyMemory<byte> Bytes => bytes;

    public MapLeaf<TKey, TValue>.Entries Unpack() => codec.Entries(new SnapshotReader(bytes, []), count);
}

/// <summary>
/// A map of the state itself writes where its leaves are, and they are unpacked when they are needed; one that was not touched since it was
/// read is copied as it is. A map within a leaf is written there, whole.
/// </summary>
internal sealed class OrderedMapCodec<TKey, TValue> : Codec<OrderedMap<TKey, TValue>>, ITypeParts
    where TKey : notnull, IComparable<TKey>
{
    private Codec<TKey> keys = null!;
    private Codec<TValue> values = null!;

    public void FindParts() => (keys, values) = (Codec.For<TKey>(), Codec.For<TValue>());

    public override void Write(SnapshotWriter writer, OrderedMap<TKey, TValue> value)
    {
        MapLeaf<TKey, TValue>[] leaves = value is null ? [] : [.. value.Leaves.Where(leaf => leaf.Count > 0)];
        writer.Number(value is null ? 0UL : (ulong)leaves.Length + 1);
        foreach (var leaf in leaves)
        {
            writer.Number((ulong)leaf.Count);
            if (writer.InLeaf)
            {
                Write(writer, leaf);
                continue;
            }

            keys.Write(writer, leaf.First);
            var (part, offset, length) = writer.Leaf(leaf, Write);
            writer.Number((ulong)part);
            writer.Number((ulong)offset);
            writer.Number((ulong)length);
        }
    }

    public override OrderedMap<TKey, TValue> Read(SnapshotReader reader)
    {
        var count = reader.Count();
        if (count == 0)
        {
            return null!;
        }

        var leaves = new MapLeaf<TKey, TValue>[count - 1];
        for (var i = 0; i < leaves.Length; i++)
        {
            var width = reader.Count();
            if (reader.InLeaf)
            {
                var entries = Entries(reader, width);
                leaves[i] = new MapLeaf<TKey, TValue>(entries.Keys, entries.Values);
            }
            else
            {
                var first = keys.Read(reader);
                leaves[i] = new MapLeaf<TKey, TValue>(new PackedLeaf<TKey, TValue>(
                    first, width, reader.Part(reader.Count(), reader.Count(), reader.Count()), this));
            }
        }

        return OrderedMap<TKey, TValue>.Of(leaves);
    }

    public MapLeaf<TKey, TValue>.Entries Entries(SnapshotReader reader, int count)
    {
        var (readKeys, readValues) = (new TKey[count], new TValue[count]);
        for (var i = 0; i < count; i++)
        {
            readKeys[i] = keys.Read(reader);
            readValues[i] = values.Read(reader);
        }

        return new(readKeys, readValues);
    }

    private void Write(SnapshotWriter writer, MapLeaf<TKey, TValue> leaf)
    {
        if (leaf.Packed is { } packed)
        {
            writer.Bytes(packed.Bytes.Span);
            return;
        }

        for (var i = 0; i < leaf.Count; i++)
        {
            keys.Write(writer, leaf.Keys[i]);
            values.Write(writer, leaf.Values[i]);
        }
    }
}

internal sealed class OrderedSetCodec<T> : Codec<OrderedSet<T>>, ITypeParts
    where T : notnull, IComparable<T>
{
    private Codec<OrderedMap<T, Member>> members = null!;

    public void FindParts() => members = Codec.For<OrderedMap<T, Member>>();

    public override void Write(SnapshotWriter writer, OrderedSet<T> value) => members.Write(writer, value?.Members!);

    public override OrderedSet<T> Read(SnapshotReader reader) => members.Read(reader) is { } read ? new OrderedSet<T>(read) : null!;
}
