using System.Collections.Immutable;
using EventFly.BuildingBlocks.Snapshots;
using EventFly.Testing;

namespace EventFly.BuildingBlocks.Tests.Snapshots;

public sealed class SnapshotFormTests
{
    private static readonly DateTimeOffset Noon = new(2030, 5, 1, 12, 0, 0, 123, TimeSpan.FromHours(2));

    [Fact]
    public void Whatever_a_state_holds_comes_back()
    {
        var state = Everything.Some with
        {
            Map = Enumerable.Range(0, 10_000).Aggregate(OrderedMap<Guid, Part>.Empty, (map, i) => map.SetItem(Id(i * 7919), new Part($"part {i}", i % 3 == 0 ? null : i))),
            Set = [.. Enumerable.Range(0, 1_000)],
            Nested = OrderedMap<(Guid, int), OrderedSet<int>>.Empty.SetItem((Id(1), 2), [.. Enumerable.Range(0, 100)]).SetItem((Id(1), 1), []),
        };

        Assert.Equal(Described.InFull(state), Described.InFull(Again(state)));
        Assert.Equal(Described.InFull(Everything.None), Described.InFull(Again(Everything.None)));
    }

    [Fact]
    public void A_state_that_was_loaded_goes_on_and_is_written_again()
    {
        var map = Enumerable.Range(0, 3_000).Aggregate(OrderedMap<Guid, Part>.Empty, (all, i) => all.SetItem(Id(i), new Part($"{i}", i)));
        var (here, loaded) = (Everything.Some with { Map = map }, Again(Everything.Some with { Map = map }));

        for (var i = 0; i < 3_000; i += 100)
        {
            (here, loaded) = (Changed(here, i), Changed(loaded, i));
        }

        Assert.Equal(Described.InFull(here), Described.InFull(loaded));
        Assert.Equal(Described.InFull(here), Described.InFull(Again(loaded)));

        static Everything Changed(Everything state, int i) => state with { Map = state.Map!.Remove(Id(i)).SetItem(Id(i + 1), new Part("changed", null)).SetItem(Id(-i - 1), new Part("new", i)) };
    }

    [Fact]
    public void What_a_snapshot_cannot_carry_whole_is_refused_with_its_name()
    {
        Assert.Contains("count", Assert.Throws<NotSupportedException>(() => SnapshotForm.Of<WithField>()).Message, StringComparison.Ordinal);
        Assert.Contains("Fixed", Assert.Throws<NotSupportedException>(() => SnapshotForm.Of<WithoutSetter>()).Message, StringComparison.Ordinal);
        Assert.Contains("OpenRecord", Assert.Throws<NotSupportedException>(() => SnapshotForm.Of<WithOpenRecord>()).Message, StringComparison.Ordinal);
        Assert.Contains("Uri", Assert.Throws<NotSupportedException>(() => SnapshotForm.Of<WithUri>()).Message, StringComparison.Ordinal);
        Assert.Contains("Object", Assert.Throws<NotSupportedException>(() => SnapshotForm.Of<WithObject>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_collection_that_compares_in_its_own_way_is_refused() =>
        Assert.Throws<NotSupportedException>(() => SnapshotForm.Of<WithNames>().Write(new WithNames(ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, "A"))));

    [Fact]
    public void Damaged_bytes_are_noticed()
    {
        var form = SnapshotForm.Of<Everything>();
        var parts = form.Write(Everything.Some);

        Assert.Throws<InvalidDataException>(() => form.Read([]));
        Assert.Throws<InvalidDataException>(() => form.Read([parts[0][..(parts[0].Length / 2)], parts[1]]));
        Assert.Throws<InvalidDataException>(() => form.Read([parts[0], ReadOnlyMemory<byte>.Empty]));
    }

    private static Guid Id(int number) => new(number, 1, 2, [3, 4, 5, 6, 7, 8, 9, 10]);

    private static Everything Again(Everything state) => SnapshotForm.Of<Everything>().Read(SnapshotForm.Of<Everything>().Write(state));

    public enum Kind
    {
        One,
        Two = -5,
    }

    public abstract record Rule(string Name);

    public sealed record Early(string Name, DateTimeOffset Until) : Rule(Name);

    public sealed record Tiers(string Name, IReadOnlyList<long> Prices, Rule? Otherwise) : Rule(Name);

    public sealed record Part(string? Text, int? Number);

    public readonly record struct Point(double X, Kind Kind);

    public sealed record Everything(
        bool Yes, byte Small, short Short, int Whole, long Big, uint Unsigned, ulong Biggest, decimal Exact, string Text, Guid Id, DateTimeOffset At, TimeSpan For, DateOnly Day, TimeOnly Time,
        Kind Kind, Point Point, Part? Part, Rule? Rule, DateTimeOffset? Maybe)
    {
        public static Everything None { get; } = new(
            false, 0, 0, 0, 0, 0, 0, 0, null!, Guid.Empty, default, default, default, default, default, default, null, null, null);

        public static Everything Some { get; } = new(
            true, 200, -3, -4_000_000, long.MinValue, 4_000_000_000, ulong.MaxValue, -0.10m, "Zürich 東京 🎟 \0", SnapshotFormTests.Id(7), Noon, TimeSpan.FromTicks(-1), new DateOnly(2030, 1, 2),
            new TimeOnly(3, 4), Kind.Two, new Point(0.1, Kind.One), new Part("x", 1), new Tiers("t", [1, 2], new Early("e", Noon)), Noon)
        {
            List = [new Part("a", 1), new Part(null, null)],
            Array = [1, 2, 3],
            Dictionary = new Dictionary<string, int> { ["a"] = 1 },
            Immutable = ImmutableDictionary<Guid, Part>.Empty.Add(SnapshotFormTests.Id(1), new Part("i", 1)),
            Sorted = ImmutableSortedDictionary<int, string>.Empty.Add(2, "b").Add(1, "a"),
            Names = ["x", "y"],
            Times = [Noon, Noon.AddDays(-1)],
            Several = [1, 2],
            Chain = [SnapshotFormTests.Id(1), SnapshotFormTests.Id(2)],
            Map = OrderedMap<Guid, Part>.Empty.Add(SnapshotFormTests.Id(1), new Part("m", 1)),
            Pair = (1, "one"),
        };

        public IReadOnlyList<Part>? List { get; init; }

        public int[]? Array { get; init; }

        public IReadOnlyDictionary<string, int>? Dictionary { get; init; }

        public ImmutableDictionary<Guid, Part>? Immutable { get; init; }

        public ImmutableSortedDictionary<int, string>? Sorted { get; init; }

        public ImmutableHashSet<string>? Names { get; init; }

        public ImmutableSortedSet<DateTimeOffset>? Times { get; init; }

        public ImmutableArray<int> Several { get; init; } = [];

        public ImmutableList<Guid>? Chain { get; init; }

        public OrderedMap<Guid, Part>? Map { get; init; }

        public OrderedSet<int>? Set { get; init; }

        public OrderedMap<(Guid, int), OrderedSet<int>>? Nested { get; init; }

        public (int Number, string Name) Pair { get; init; }
    }

    public sealed record WithField
    {
        private int count;

        public int Next() => ++count;
    }

    public sealed record WithoutSetter(int Given)
    {
        public int Fixed { get; } = Given;
    }

    public sealed record WithOpenRecord(OpenRecord Open);

    public record OpenRecord(int Number);

    public sealed record WithUri(Uri Uri);

    public sealed record WithObject(object Any);

    public sealed record WithNames(ImmutableHashSet<string> Names);
}
