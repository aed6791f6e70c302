namespace EventFly.Prove.Sweep;

/// <summary>What one check came to.</summary>
/// <param name="Counted">How many things were looked at; a check that looked at nothing proves nothing.</param>
/// <param name="Differences">In words, one each. Empty is good.</param>
internal sealed record Finding(string Check, long Counted, IReadOnlyList<string> Differences);
