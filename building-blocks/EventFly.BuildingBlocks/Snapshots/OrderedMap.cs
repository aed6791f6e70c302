using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace EventFly.BuildingBlocks.Snapshots;

/// <summary>
/// An immutable map in the order of its keys, for the parts of an aggregate's state that grow with its stream. Looking up and changing is
/// O(log n). Read from a snapshot, it unpacks an entry's neighbourhood when it is asked for it first, so that loading costs next to nothing.
/// </summary>
/// <remarks>A tree of leaves with up to 32 entries each: flat, so that a change copies little, and a leaf is what a snapshot packs.</remarks>
/// <typeparam name="TKey">Compares by value.</typeparam>
/// <typeparam name="TValue">An immutable record.</typeparam>
[SuppressMessage("Naming", "CA1710", Justification = "A map is called a map.")]
public sealed class OrderedMap<TKey, TValue> : IReadOnlyCollection<KeyValuePair<TKey, TValue>>
    where TKey : notnull, IComparable<TKey>
{
    private readonly MapNode<TKey, TValue> root;

    private OrderedMap(MapNode<TKey, TValue> root, int count) => (this.root, Count) = (root, count);

    /// <summary>Without entries.</summary>
    [SuppressMessage("Design", "CA1000", Justification = "As its neighbours in System.Collections.Immutable have it.")]
    public static OrderedMap<TKey, TValue> Empty { get; } = new(new MapLeaf<TKey, TValue>([], []), 0);

    /// <inheritdoc />
    public int Count { get; }

    /// <summary>Whether there is no entry.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>The smallest key.</summary>
    /// <exception cref="InvalidOperationException">There is no entry.</exception>
    public TKey Min => Count > 0 ? root.First : throw new InvalidOperationException("The map is empty.");

    /// <summary>The value of a key.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public TValue this[TKey key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no entry {key}.");

    /// <summary>Finds the value of a key.</summary>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var node = root;
        while (node is MapBranch<TKey, TValue> branch)
        {
            node = branch.Children[branch.ChildOf(key)];
        }

        var leaf = (MapLeaf<TKey, TValue>)node;
        var at = leaf.Find(key);
        value = at >= 0 ? leaf.Values[at] : default;
        return at >= 0;
    }

    /// <summary>Whether the key has a value.</summary>
    public bool ContainsKey(TKey key) => TryGetValue(key, out _);

    /// <summary>The value of a key, or the type's default.</summary>
    public TValue? GetValueOrDefault(TKey key) => TryGetValue(key, out var value) ? value : default;

    /// <summary>The value of a key, or <paramref name="otherwise"/>.</summary>
    public TValue GetValueOrDefault(TKey key, TValue otherwise) => TryGetValue(key, out var value) ? value : otherwise;

    /// <summary>With one entry more.</summary>
    /// <exception cref="ArgumentException">The key has a value already.</exception>
    public OrderedMap<TKey, TValue> Add(TKey key, TValue value)
    {
        var with = SetItem(key, value);
        return with.Count > Count ? with : throw new ArgumentException($"There is an entry {key} already.", nameof(key));
    }

    /// <summary>With this value for this key, whether there was one or not.</summary>
    public OrderedMap<TKey, TValue> SetItem(TKey key, TValue value)
    {
        var (left, right, added) = root.Set(key, value, isLast: true);
        return new(right is null ? left : new MapBranch<TKey, TValue>([left.First, right.First], [left, right]), added ? Count + 1 : Count);
    }

    /// <summary>Without this key. The same map when it was not in there.</summary>
    public OrderedMap<TKey, TValue> Remove(TKey key)
    {
        var without = root.Remove(key);
        if (ReferenceEquals(without, root))
        {
            return this;
        }

        while (without is MapBranch<TKey, TValue> { Children: [var only] })
        {
            without = only;
        }

        return without is null ? Empty : new(without, Count - 1);
    }

    /// <summary>All entries by key.</summary>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        foreach (var leaf in Leaves)
        {
            var (keys, values) = (leaf.Keys, leaf.Values);
            for (var i = 0; i < keys.Length; i++)
            {
                yield return KeyValuePair.Create(keys[i], values[i]);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal IEnumerable<MapLeaf<TKey, TValue>> Leaves
    {
        get
        {
            Stack<MapNode<TKey, TValue>> ahead = new([root]);
            while (ahead.TryPop(out var node))
            {
                if (node is MapLeaf<TKey, TValue> leaf)
                {
                    yield return leaf;
                    continue;
                }

                var children = ((MapBranch<TKey, TValue>)node).Children;
                for (var i = children.Length - 1; i >= 0; i--)
                {
                    ahead.Push(children[i]);
                }
            }
        }
    }

    /// <summary>The keys after this one, in order.</summary>
    internal IEnumerable<TKey> KeysAfter(TKey key)
    {
        Stack<MapNode<TKey, TValue>> ahead = new([root]);
        while (ahead.TryPop(out var node))
        {
            if (node is MapBranch<TKey, TValue> branch)
            {
                for (var i = branch.Children.Length - 1; i >= branch.ChildOf(key); i--)
                {
                    ahead.Push(branch.Children[i]);
                }

                continue;
            }

            var leaf = (MapLeaf<TKey, TValue>)node;
            for (var i = leaf.Find(key) is >= 0 and var at ? at + 1 : ~leaf.Find(key); i < leaf.Count; i++)
            {
                yield return leaf.Keys[i];
            }
        }
    }

    /// <summary>The keys before this one, the greatest first.</summary>
    internal IEnumerable<TKey> KeysBefore(TKey key)
    {
        Stack<MapNode<TKey, TValue>> ahead = new([root]);
        while (ahead.TryPop(out var node))
        {
            if (node is MapBranch<TKey, TValue> branch)
            {
                for (var i = 0; i <= branch.ChildOf(key); i++)
                {
                    ahead.Push(branch.Children[i]);
                }

                continue;
            }

            var leaf = (MapLeaf<TKey, TValue>)node;
            for (var i = (leaf.Find(key) is >= 0 and var at ? at : ~leaf.Find(key)) - 1; i >= 0; i--)
            {
                yield return leaf.Keys[i];
            }
        }
    }

    /// <summary>From leaves in order, none of them empty.</summary>
    internal static OrderedMap<TKey, TValue> Of(IReadOnlyList<MapLeaf<TKey, TValue>> leaves)
    {
        if (leaves.Count == 0)
        {
            return Empty;
        }

        var count = 0;
        foreach (var leaf in leaves)
        {
            count += leaf.Count;
        }

        IReadOnlyList<MapNode<TKey, TValue>> level = leaves;
        while (level.Count > 1)
        {
            List<MapNode<TKey, TValue>> above = new((level.Count / MapNode<TKey, TValue>.Most) + 1);
            for (var from = 0; from < level.Count; from += MapNode<TKey, TValue>.Most)
            {
                var children = new MapNode<TKey, TValue>[Math.Min(MapNode<TKey, TValue>.Most, level.Count - from)];
                for (var i = 0; i < children.Length; i++)
                {
                    children[i] = level[from + i];
                }

                above.Add(new MapBranch<TKey, TValue>(Array.ConvertAll(children, child => child.First), children));
            }

            level = above;
        }

        return new(level[0], count);
    }
}
