namespace EventFly.BuildingBlocks.Snapshots;

/// <summary>A part of an <see cref="OrderedMap{TKey,TValue}"/>. Never changed once it is there.</summary>
internal abstract class MapNode<TKey, TValue>
    where TKey : notnull, IComparable<TKey>
{
    /// <summary>Entries of a leaf, children of a branch.</summary>
    public const int Most = 32;

    /// <summary>No key below is smaller.</summary>
    public abstract TKey First { get; }

    public abstract int Width { get; }

    /// <summary>With the entry; in two parts when one became too wide. With isLast nothing stands to the right: who appends leaves full nodes behind.</summary>
    public abstract (MapNode<TKey, TValue> Left, MapNode<TKey, TValue>? Right, bool Added) Set(TKey key, TValue value, bool isLast);

    /// <summary>Without the entry: itself when there was none, null when nothing is left.</summary>
    public abstract MapNode<TKey, TValue>? Remove(TKey key);

    /// <summary>One node from two neighbours, or null when that were too wide.</summary>
    public abstract MapNode<TKey, TValue>? JoinedWith(MapNode<TKey, TValue> right);

    protected static T[] With<T>(T[] all, int at, T one)
    {
        var copy = new T[all.Length + 1];
        Array.Copy(all, copy, at);
        copy[at] = one;
        Array.Copy(all, at, copy, at + 1, all.Length - at);
        return copy;
    }

    protected static T[] Without<T>(T[] all, int at)
    {
        var copy = new T[all.Length - 1];
        Array.Copy(all, copy, at);
        Array.Copy(all, at + 1, copy, at, copy.Length - at);
        return copy;
    }

    protected static T[] Replaced<T>(T[] all, int at, T one)
    {
        var copy = (T[])all.Clone();
        copy[at] = one;
        return copy;
    }

    /// <summary>Where to cut what became too wide: in the middle, or before the last when entries come in order.</summary>
    protected static int Cut(int width, int changed, bool isLast) => isLast && changed == width - 1 ? width - 1 : width / 2;
}

/// <summary>Up to 32 entries, unpacked when somebody asks.</summary>
internal sealed class MapLeaf<TKey, TValue> : MapNode<TKey, TValue>
    where TKey : notnull, IComparable<TKey>
{
    private readonly PackedLeaf<TKey, TValue>? packed;
    private Entries? entries;

    public MapLeaf(TKey[] keys, TValue[] values) => (entries, Count) = (new Entries(keys, values), keys.Length);

    public MapLeaf(PackedLeaf<TKey, TValue> packed) => (this.packed, Count) = (packed, packed.Count);

    public int Count { get; }

    public override int Width => Count;

    public override TKey First => packed is null ? Keys[0] : packed.First;

    public TKey[] Keys => All.Keys;

    public TValue[] Values => All.Values;

    /// <summary>What a snapshot said of this leaf, if it comes from one.</summary>
    public PackedLeaf<TKey, TValue>? Packed => packed;

    // Two threads may both unpack it; they get the same.
    private Entries All => Volatile.Read(ref entries) ?? (entries = packed!.Unpack());

    /// <summary>Where the key is, or the complement of where it would be.</summary>
    public int Find(TKey key)
    {
        var keys = Keys;
        var (low, high) = (0, keys.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = keys[middle].CompareTo(key);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    public override (MapNode<TKey, TValue> Left, MapNode<TKey, TValue>? Right, bool Added) Set(TKey key, TValue value, bool isLast)
    {
        var at = Find(key);
        if (at >= 0)
        {
            return (new MapLeaf<TKey, TValue>(Keys, Replaced(Values, at, value)), null, false);
        }

        var (keys, values) = (With(Keys, ~at, key), With(Values, ~at, value));
        if (keys.Length <= Most)
        {
            return (new MapLeaf<TKey, TValue>(keys, values), null, true);
        }

        var cut = Cut(keys.Length, ~at, isLast);
        return (new MapLeaf<TKey, TValue>(keys[..cut], values[..cut]), new MapLeaf<TKey, TValue>(keys[cut..], values[cut..]), true);
    }

    public override MapNode<TKey, TValue>? Remove(TKey key) => Find(key) switch
    {
        < 0 => this,
        _ when Count == 1 => null,
        var at => new MapLeaf<TKey, TValue>(Without(Keys, at), Without(Values, at)),
    };

    public override MapNode<TKey, TValue>? JoinedWith(MapNode<TKey, TValue> right) => right is MapLeaf<TKey, TValue> leaf && Count + leaf.Count <= Most * 3 / 4
        ? new MapLeaf<TKey, TValue>([.. Keys, .. leaf.Keys], [.. Values, .. leaf.Values])
        : null;

    internal sealed record Entries(TKey[] Keys, TValue[] Values);
}

/// <summary>Up to 32 nodes side by side.</summary>
internal sealed class MapBranch<TKey, TValue>(TKey[] firsts, MapNode<TKey, TValue>[] children) : MapNode<TKey, TValue>
    where TKey : notnull, IComparable<TKey>
{
    public MapNode<TKey, TValue>[] Children => children;

    public override TKey First => firsts[0];

    public override int Width => children.Length;

    /// <summary>The one child that may hold the key.</summary>
    public int ChildOf(TKey key)
    {
        var (low, high) = (1, firsts.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = firsts[middle].CompareTo(key) <= 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return low - 1;
    }

    public override (MapNode<TKey, TValue> Left, MapNode<TKey, TValue>? Right, bool Added) Set(TKey key, TValue value, bool isLast)
    {
        var at = ChildOf(key);
        var (left, right, added) = children[at].Set(key, value, isLast && at == children.Length - 1);
        var newFirsts = left.First.CompareTo(firsts[at]) == 0 ? firsts : Replaced(firsts, at, left.First);
        var newChildren = Replaced(children, at, left);
        if (right is null)
        {
            return (new MapBranch<TKey, TValue>(newFirsts, newChildren), null, added);
        }

        (newFirsts, newChildren) = (With(newFirsts, at + 1, right.First), With(newChildren, at + 1, right));
        if (newChildren.Length <= Most)
        {
            return (new MapBranch<TKey, TValue>(newFirsts, newChildren), null, added);
        }

        var cut = Cut(newChildren.Length, at + 1, isLast);
        return (
            new MapBranch<TKey, TValue>(newFirsts[..cut], newChildren[..cut]),
            new MapBranch<TKey, TValue>(newFirsts[cut..], newChildren[cut..]),
            added);
    }

    public override MapNode<TKey, TValue>? Remove(TKey key)
    {
        var at = ChildOf(key);
        var child = children[at].Remove(key);
        if (ReferenceEquals(child, children[at]))
        {
            return this;
        }

        if (child is null)
        {
            return children.Length == 1 ? null : new MapBranch<TKey, TValue>(Without(firsts, at), Without(children, at));
        }

        if (child.Width < Most / 4)
        {
            if (at > 0 && children[at - 1].JoinedWith(child) is { } leftward)
            {
                return new MapBranch<TKey, TValue>(Without(firsts, at), Replaced(Without(children, at), at - 1, leftward));
            }

            if (at + 1 < children.Length && child.JoinedWith(children[at + 1]) is { } rightward)
            {
                return new MapBranch<TKey, TValue>(Replaced(Without(firsts, at + 1), at, rightward.First), Replaced(Without(children, at + 1), at, rightward));
            }
        }

        return new MapBranch<TKey, TValue>(Replaced(firsts, at, child.First), Replaced(children, at, child));
    }

    public override MapNode<TKey, TValue>? JoinedWith(MapNode<TKey, TValue> right) => right is MapBranch<TKey, TValue> branch && Width + branch.Width <= Most * 3 / 4
        ? new MapBranch<TKey, TValue>([.. children.Select(child => child.First), .. branch.Children.Select(child => child.First)], [.. children, .. branch.Children])
        : null;
}
