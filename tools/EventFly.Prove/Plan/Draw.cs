namespace EventFly.Prove.Plan;

/// <summary>Everything that is left to chance comes from here, so that a seed gives the same plan again.</summary>
internal sealed class Draw(int seed)
{
    private readonly Random random = new(seed);

    public int Below(int end) => random.Next(end);

    public int Between(int least, int most) => random.Next(least, most + 1);

    public bool Happens(double chance) => random.NextDouble() < chance;

    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + ((most - least) * random.NextDouble());

    public T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    public T Weighted<T>(IReadOnlyList<(T What, int Weight)> of)
    {
        var drawn = random.Next(of.Sum(each => each.Weight));
        foreach (var (what, weight) in of)
        {
            if ((drawn -= weight) < 0) return what;
        }

        throw new System.Diagnostics.UnreachableException();
    }

    public T[] Shuffled<T>(IEnumerable<T> of)
    {
        T[] all = [.. of];
        random.Shuffle(all);
        return all;
    }

    public Guid Id()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
