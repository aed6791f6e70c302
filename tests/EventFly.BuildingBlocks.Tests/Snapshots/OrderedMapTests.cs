using System.Diagnostics.CodeAnalysis;
using EventFly.BuildingBlocks.Snapshots;

namespace EventFly.BuildingBlocks.Tests.Snapshots;

[SuppressMessage("Security", "CA5394", Justification = "The same numbers each time.")]
public sealed class OrderedMapTests
{
    [Theory]
    [InlineData(1, 50)]
    [InlineData(2, 2_000)]
    [InlineData(3, 100_000)]
    public void It_holds_what_a_sorted_dictionary_holds_whatever_comes_and_goes(int seed, int keys)
    {
        var random = new Random(seed);
        var map = OrderedMap<int, string>.Empty;
        var model = new SortedDictionary<int, string>();
        for (var step = 0; step < 20_000; step++)
        {
            // Grows for a while, then shrinks, then grows again.
            var key = random.Next(keys);
            if (random.Next(100) < (step / 5_000 % 2 == 0 ? 70 : 20))
            {
                map = map.SetItem(key, $"{step}");
                model[key] = $"{step}";
            }
            else
            {
                var without = map.Remove(key);
                Assert.Equal(model.Remove(key), !ReferenceEquals(without, map));
                map = without;
            }

            Assert.Equal(model.Count, map.Count);
            Assert.Equal(model.ContainsKey(key), map.TryGetValue(key, out var value));
            Assert.Equal(model.GetValueOrDefault(key), value);
            if (step % 500 == 0)
            {
                Same(model, map);
            }
        }

        Same(model, map);
        foreach (var key in model.Keys.ToArray())
        {
            model.Remove(key);
            map = map.Remove(key);
            Assert.Equal(model.Count == 0, map.IsEmpty);
            if (model.Count > 0)
            {
                Assert.Equal(model.First().Key, map.Min);
            }
        }

        Assert.Throws<InvalidOperationException>(() => map.Min);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(33)]
    [InlineData(5_000)]
    public void What_comes_before_and_after_a_member_is_read_from_there(int members)
    {
        var random = new Random(members);
        var all = Enumerable.Range(0, members).Select(_ => random.Next(20_000)).Distinct().ToArray();
        OrderedSet<int> set = [.. all];

        foreach (var from in (int[])[-1, 0, 1, 777, 10_000, 19_999, 20_000, .. all.Take(20)])
        {
            Assert.Equal(all.Where(member => member > from).Order(), set.After(from));
            Assert.Equal(all.Where(member => member < from).OrderDescending(), set.Before(from));
        }
    }

    [Fact]
    public void Older_maps_stay_as_they_were()
    {
        var all = OrderedMap<int, int>.Empty;
        List<OrderedMap<int, int>> versions = [all];
        for (var i = 0; i < 1_000; i++)
        {
            versions.Add(all = all.Add(i * 7 % 1_000, i));
        }

        var left = all;
        for (var i = 0; i < 1_000; i++)
        {
            left = left.Remove(i);
        }

        Assert.Empty(left);
        Assert.All(versions.Index(), version => Assert.Equal(version.Index, version.Item.Select(pair => pair.Key).Distinct().Count()));
    }

    [Fact]
    public void A_key_is_added_once()
    {
        var map = OrderedMap<Guid, int>.Empty.Add(Guid.Empty, 1);

        Assert.Throws<ArgumentException>(() => map.Add(Guid.Empty, 2));
        Assert.Equal(2, map.SetItem(Guid.Empty, 2)[Guid.Empty]);
        Assert.Throws<KeyNotFoundException>(() => map[new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11])]);
        Assert.Equal(7, map.GetValueOrDefault(new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]), 7));
    }

    [Fact]
    public void A_set_is_in_order_and_has_each_member_once()
    {
        OrderedSet<int> set = [5, 1, 3, 5, 1];

        Assert.Equal([1, 3, 5], set);
        Assert.Equal([3], set.Except([1, 5, 9]));
        Assert.Equal(1, set.Min);
        Assert.Same(set, set.Remove(4));
        Assert.True(set.Contains(3) && !set.Contains(4));
    }

    private static void Same(SortedDictionary<int, string> model, OrderedMap<int, string> map)
    {
        Assert.Equal(model, map);
        Assert.All(model, pair => Assert.Equal(pair.Value, map[pair.Key]));
    }
}
