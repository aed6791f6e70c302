using EventFly.Bench.Load;
using EventFly.Bench.Running;

namespace EventFly.Bench.Scenarios;

/// <summary>Buyers take tickets: all of one event, one event that sells out, and of many.</summary>
internal static class Holds
{
    private const int Clients = 256;
    private const int Plenty = 500_000;
    private const double Wanted = 3_000;
    private const double WantedGain = 10;
    private const double WantedP99 = 200;

    /// <summary>The same rush while each decision has a commit of its own.</summary>
    public static async Task<double> WithoutGroups(Bench bench, ThrowAwaySystem system, Stage stage, CancellationToken cancellationToken)
    {
        var hot = await stage.Event(Plenty, 2_500, cancellationToken);
        var usage = system.Watch();
        var measured = await Rush.Closed(Clients, bench.WarmUp, bench.Duration, Client(system, stage, [hot]), cancellationToken);
        bench.Add("holds on one event, a commit each", measured, usage: usage);
        await CheckHeld(bench, stage, measured, [hot], cancellationToken);
        return measured.PerSecond;
    }

    public static async Task OnOneEvent(Bench bench, ThrowAwaySystem system, Stage stage, double withoutGroups, CancellationToken cancellationToken)
    {
        var hot = await stage.Event(Plenty, 2_500, cancellationToken);
        var usage = system.Watch();
        var most = await Rush.Closed(Clients, bench.WarmUp, bench.Duration, Client(system, stage, [hot]), cancellationToken);
        bench.Add("holds on one event", most, withoutGroups > 0 ? $"{withoutGroups:#,0}/s with a commit each" : null, usage);
        usage = system.Watch();
        var paced = await Rush.Paced(2 * Clients, Wanted, bench.Duration, Client(system, stage, [hot]), cancellationToken);
        bench.Add($"holds on one event, {Wanted:#,0} a second", paced, usage: usage);
        await CheckHeld(bench, stage, most, [hot], cancellationToken, paced.Succeeded);

        bench.AtLeast("holds on one event per second", Wanted, most.PerSecond);
        bench.AtMost($"holds on one event, p99 in ms at {Wanted:#,0} a second", WantedP99, paced.Percentile(0.99));
        bench.AtMost("holds that failed", 0, most.Failed + paced.Failed);
        if (withoutGroups > 0)
        {
            bench.AtLeast("holds on one event, times a commit each", WantedGain, most.PerSecond / withoutGroups);
        }
    }

    /// <summary>More buyers than tickets: each ticket goes once, and the others hear that there is none.</summary>
    public static async Task UntilSoldOut(Bench bench, ThrowAwaySystem system, Stage stage, CancellationToken cancellationToken)
    {
        var scarce = await stage.Event(2_000, 2_500, cancellationToken);
        var measured = await Rush.Closed(Clients, TimeSpan.Zero, TimeSpan.FromSeconds(2), Client(system, stage, [scarce]), cancellationToken);
        var free = await stage.Free(scarce, cancellationToken);
        bench.Check(measured.Succeeded == 2_000 && free == 0, $"of 2,000 tickets {measured.Succeeded} were held and {free} are free");
        bench.Check(measured.Failures.Keys.All(status => status == "409"), $"a sold-out event answered {string.Join(", ", measured.Failures.Keys)}");
    }

    public static async Task OnManyEvents(Bench bench, ThrowAwaySystem system, Stage stage, CancellationToken cancellationToken)
    {
        var events = new OnSale[100];
        await Parallel.ForAsync(0, events.Length, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (i, cancel) =>
            events[i] = await stage.Event(50_000, 2_500, cancel));
        var usage = system.Watch();
        var measured = await Rush.Closed(Clients, bench.WarmUp, bench.Duration, Client(system, stage, events), cancellationToken);
        bench.Add("holds over 100 events", measured, usage: usage);
        await CheckHeld(bench, stage, measured, events, cancellationToken);
    }

    private static Func<int, Step> Client(ThrowAwaySystem system, Stage stage, OnSale[] events) => client =>
    {
        var connection = new Connection(system.Gateway);
        var request = new RequestBytes(
            "PUT", "/api/participants/events/{0}/holds/{2}", stage.Buyers[client % stage.Buyers.Count], """{"lines":[{"ticketTypeId":"{1}","quantity":1}]}""");
        var buffer = request.NewBuffer();
        var turn = client;
        return async cancellationToken =>
        {
            var onSale = events[turn++ % events.Length];
            request.With(buffer, onSale.EventId, onSale.TicketTypeId, Guid.CreateVersion7());
            return Outcome.Of(await connection.Send(buffer, cancellationToken));
        };
    };

    private static async Task CheckHeld(
        Bench bench, Stage stage, Measured measured, OnSale[] events, CancellationToken cancellationToken, int more = 0)
    {
        var held = 0;
        foreach (var onSale in events)
        {
            held += onSale.Tickets - await stage.Free(onSale, cancellationToken);
        }

        bench.Check(held == measured.Succeeded + more, $"{measured.Succeeded + more} holds were answered with yes and {held} tickets are held");
    }
}
