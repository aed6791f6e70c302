using System.Diagnostics;
using System.Net.Http.Json;
using EventFly.Prove.Plan;
using EventFly.Prove.Running;

namespace EventFly.Prove.Rush;

/// <param name="Killed">Victims and how many of their processes.</param>
internal sealed record RushFigures(TimeSpan Took, IReadOnlyList<(string Victim, int Processes)> Killed);

/// <summary>Everybody comes, and meanwhile processes are killed and the payment provider has its moods.</summary>
internal sealed class OnSale(RunPlan plan, ThrowAwaySystem system, Sale sale, HttpClient simulator)
{
    private const int EnoughSurprises = 2_000;

    public async Task<RushFigures> Run(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var killing = Kill(cancellationToken);
        var changing = ChangeWeather(cancellationToken);
        await Task.WhenAll(plan.Buyers.Select(buyer => Come(buyer, enough)));
        cancellationToken.ThrowIfCancellationRequested();

        var killed = await killing;
        await changing;
        return new RushFigures(Stopwatch.GetElapsedTime(began), killed);
    }

    private async Task Come(Buyer buyer, CancellationTokenSource enough)
    {
        string outcome;
        try
        {
            await Task.Delay(buyer.Arrives, enough.Token);
            outcome = await new Purchase(sale, buyer, enough.Token).Run();
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            outcome = "did not come";
        }

        sale.Told.Ended(outcome);
        // A system that falls apart has shown it; the sweep says how.
        if (sale.Told.Surprised > EnoughSurprises) await enough.CancelAsync();
    }

    private async Task<IReadOnlyList<(string, int)>> Kill(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var killed = new List<(string, int)>();
        foreach (var kill in plan.Kills)
        {
            await Until(kill.At, began, cancellationToken);
            killed.Add((kill.Victim, await system.Kill(kill, cancellationToken)));
        }

        return killed;
    }

    private async Task ChangeWeather(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var switches = new Uri("/_simulator/switches", UriKind.Relative);
        foreach (var weather in plan.Weather)
        {
            await Until(weather.From, began, cancellationToken);
            using var reset = await simulator.DeleteAsync(switches, cancellationToken);
            using var set = await simulator.PatchAsJsonAsync(switches, weather.Switches, cancellationToken);
            set.EnsureSuccessStatusCode();
        }

        await Until(plan.Length, began, cancellationToken);
        using var calm = await simulator.DeleteAsync(switches, cancellationToken);
        calm.EnsureSuccessStatusCode();
    }

    private static Task Until(TimeSpan time, long began, CancellationToken cancellationToken)
    {
        var left = time - Stopwatch.GetElapsedTime(began);
        return left > TimeSpan.Zero ? Task.Delay(left, cancellationToken) : Task.CompletedTask;
    }
}
