namespace EventFly.Architecture.Tests;

/// <summary>What a rule found.</summary>
/// <param name="Judged">How much there was to judge. Nothing: the rule looks in the wrong place.</param>
/// <param name="Violations">Sentences.</param>
internal sealed record Verdict(int Judged, IReadOnlyList<string> Violations)
{
    public static Verdict Of<T>(IEnumerable<T> judged, Func<T, IEnumerable<string>> violations)
    {
        var all = judged.ToArray();
        return new Verdict(all.Length, [.. all.SelectMany(violations).Distinct().Order(StringComparer.Ordinal)]);
    }

    public void Holds(int atLeast = 1)
    {
        Assert.True(Judged >= atLeast, $"The rule judged {Judged} and should have found at least {atLeast}: it looks in the wrong place.");
        Assert.True(Violations.Count == 0, string.Join(Environment.NewLine, Violations));
    }

    /// <summary>A planted violation is reported, in these words, and nothing beside what was planted.</summary>
    public void Reports(params string[] sentences) => Assert.Equal(sentences.Order(StringComparer.Ordinal), Violations);
}
