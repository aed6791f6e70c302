using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace EventFly.BuildingBlocks.Snapshots;

/// <summary>An immutable set in order; see <see cref="OrderedMap{TKey,TValue}"/>.</summary>
/// <typeparam name="T">Compares by value.</typeparam>
[SuppressMessage("Naming", "CA1710", Justification = "A set is called a set.")]
[CollectionBuilder(typeof(OrderedSet), nameof(OrderedSet.Create))]
public sealed class OrderedSet<T> : IReadOnlyCollection<T>
    where T : notnull, IComparable<T>
{
    private readonly OrderedMap<T, Member> members;

    internal OrderedSet(OrderedMap<T, Member> members) => this.members = members;

    /// <summary>Without members.</summary>
    [SuppressMessage("Design", "CA1000", Justification = "As its neighbours in System.Collections.Immutable have it.")]
    public static OrderedSet<T> Empty { get; } = new(OrderedMap<T, Member>.Empty);

    /// <inheritdoc />
    public int Count => members.Count;

    /// <summary>Whether there is no member.</summary>
    public bool IsEmpty => members.IsEmpty;

    /// <summary>The smallest member.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T Min => members.Min;

    /// <summary>Whether it is a member.</summary>
    public bool Contains(T member) => members.ContainsKey(member);

    /// <summary>With this member.</summary>
    public OrderedSet<T> Add(T member) => new(members.SetItem(member, default));

    /// <summary>Without this member.</summary>
    public OrderedSet<T> Remove(T member) => members.Remove(member) is var without && ReferenceEquals(without, members) ? this : new(without);

    /// <summary>With these members.</summary>
    public OrderedSet<T> Union(IEnumerable<T> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return others.Aggregate(this, static (all, other) => all.Add(other));
    }

    /// <summary>Without these members.</summary>
    public OrderedSet<T> Except(IEnumerable<T> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return others.Aggregate(this, static (left, other) => left.Remove(other));
    }

    /// <summary>The members after this one, which need not be one, in order. Beginning costs O(log n).</summary>
    public IEnumerable<T> After(T member) => members.KeysAfter(member);

    /// <summary>The members before this one, which need not be one, the greatest first. Beginning costs O(log n).</summary>
    public IEnumerable<T> Before(T member) => members.KeysBefore(member);

    /// <summary>All members in order.</summary>
    public IEnumerator<T> GetEnumerator()
    {
        foreach (var leaf in members.Leaves)
        {
            foreach (var member in leaf.Keys)
            {
                yield return member;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal OrderedMap<T, Member> Members => members;
}

/// <summary>For <c>[]</c> and <c>[a, b]</c>.</summary>
public static class OrderedSet
{
    /// <summary>From members in any order.</summary>
    public static OrderedSet<T> Create<T>(ReadOnlySpan<T> members)
        where T : notnull, IComparable<T>
    {
        var set = OrderedSet<T>.Empty;
        foreach (var member in members)
        {
            set = set.Add(member);
        }

        return set;
    }
}

/// <summary>A set's members have no value.</summary>
internal readonly record struct Member;
