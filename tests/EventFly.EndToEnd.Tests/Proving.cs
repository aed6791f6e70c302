using EventFly.Prove;

namespace EventFly.EndToEnd.Tests;

/// <summary>A small run of <c>./eventfly prove</c>, so that it goes on knowing everything that the product stores.</summary>
public sealed class Proving
{
    [Fact]
    public async Task A_small_rush_with_two_kills_leaves_no_difference()
    {
        using var said = new StringWriter();

        var findings = await ProveRun.Run(new ProveOptions(Tickets: 300, Buyers: 1_200, Seed: 11, Kills: 2, Break: null, Keep: null), said, TestContext.Current.CancellationToken);

        Assert.True(findings.All(finding => finding.Differences.Count == 0), said.ToString());
        Assert.All(findings.Take(8), finding => Assert.True(finding.Counted > 0, finding.Check));
    }
}
