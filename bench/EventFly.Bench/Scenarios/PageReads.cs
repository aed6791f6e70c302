using EventFly.Bench.Baselines;
using EventFly.Bench.Load;
using EventFly.Bench.Running;

namespace EventFly.Bench.Scenarios;

/// <summary>Visitors look at an event's page. Beside it: a bare proxy in front of an answer of the same bytes.</summary>
internal static class PageReads
{
    private const int Clients = 64;
    private const double WantedShare = 0.6;

    public static async Task Run(Bench bench, ThrowAwaySystem system, Stage stage, CancellationToken cancellationToken)
    {
        var onSale = await stage.Event(1_000, 2_500, cancellationToken);
        var path = $"/api/events/{onSale.EventId}";
        using var first = new Connection(system.Gateway);
        var status = await first.Send(new RequestBytes("GET", path).NewBuffer(), cancellationToken);
        bench.Check(status == 200, $"the event page answered {status}");

        using var constant = await ChildServer.Start(["serve-constant"], Convert.ToBase64String(first.Body), cancellationToken);
        using var proxy = await ChildServer.Start(["serve-bare-proxy", constant.Address.ToString()], null, cancellationToken);
        var bare = await Rush.Closed(Clients, bench.WarmUp, bench.Duration, Client(proxy.Address, path), cancellationToken);
        bench.Add("a constant behind a bare proxy", bare, usage: null);
        var usage = system.Watch();
        var read = await Rush.Closed(Clients, bench.WarmUp, bench.Duration, Client(system.Gateway, path), cancellationToken);
        bench.Add("event page", read, $"{bare.PerSecond:#,0}/s from a constant behind a bare proxy", usage);
        bench.AtLeast("event page, share of the bare proxy", WantedShare, read.PerSecond / bare.PerSecond);
        bench.AtMost("event pages that failed", 0, read.Failed);
    }

    private static Func<int, Step> Client(Uri target, string path) => _ =>
    {
        var connection = new Connection(target);
        var buffer = new RequestBytes("GET", path).NewBuffer();
        return async cancellationToken => Outcome.Of(await connection.Send(buffer, cancellationToken));
    };
}
