using System.Collections.Concurrent;
using EventFly.Bench.Load;
using EventFly.Bench.Running;

namespace EventFly.Bench.Scenarios;

/// <summary>Doors admit: each scan is another ticket.</summary>
internal static class Scans
{
    private const int Tickets = 60_000;
    private const int TicketsPerOrder = 100;
    private const int Gates = 32;
    private const double Wanted = 1_000;
    private const double WantedP99 = 50;

    public static async Task Run(Bench bench, ThrowAwaySystem system, Stage stage, Api api, CancellationToken cancellationToken)
    {
        var onSale = await stage.Event(Tickets, 0, cancellationToken);
        var codes = new ConcurrentQueue<string>(await Codes(stage, api, onSale, cancellationToken));
        var usage = system.Watch();
        var most = await Rush.Closed(Gates, bench.WarmUp, bench.Duration, Client(system, stage, onSale, codes), cancellationToken);
        bench.Add("check-in scans", most, usage: usage);
        usage = system.Watch();
        var paced = await Rush.Paced(2 * Gates, Wanted, bench.Duration, Client(system, stage, onSale, codes), cancellationToken);
        bench.Add($"check-in scans, {Wanted:#,0} a second", paced, usage: usage);
        bench.AtLeast("check-in scans per second", Wanted, most.PerSecond);
        bench.AtMost($"check-in scans, p99 in ms at {Wanted:#,0} a second", WantedP99, paced.Percentile(0.99));
        bench.AtMost("check-in scans that failed", 0, most.Failed + paced.Failed);

        var counts = await api.Get($"/api/participants/events/{onSale.EventId}/door/counts", stage.Organizer, cancellationToken);
        var admitted = counts.GetProperty("admitted").GetInt32();
        bench.Check(admitted == most.Succeeded + paced.Succeeded, $"{most.Succeeded + paced.Succeeded} were let in and {admitted} are counted as admitted");
    }

    /// <summary>Free tickets, a hundred to an order.</summary>
    private static async Task<IEnumerable<string>> Codes(Stage stage, Api api, OnSale onSale, CancellationToken cancellationToken)
    {
        var attendees = Enumerable.Range(0, TicketsPerOrder).Select(i => new { ticketTypeId = onSale.TicketTypeId, name = $"Guest {i}", email = "guest@example.org" }).ToArray();
        await Parallel.ForAsync(0, Tickets / TicketsPerOrder, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (i, cancel) =>
        {
            var (buyer, orderId) = (stage.Buyers[i % stage.Buyers.Count], Guid.CreateVersion7());
            await api.Put(
                $"/api/participants/events/{onSale.EventId}/holds/{orderId}", buyer, new { lines = new[] { new { ticketTypeId = onSale.TicketTypeId, quantity = TicketsPerOrder } } }, cancel);
            await api.Put($"/api/participants/orders/{orderId}", buyer, new { eventId = onSale.EventId, attendees }, cancel);
        });

        var codes = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(stage.Buyers, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (buyer, cancel) =>
        {
            var expected = Tickets / TicketsPerOrder * TicketsPerOrder / stage.Buyers.Count;
            await Api.Until(
                async () =>
                {
                    var found = 0;
                    for (string? next = ""; next is not null;)
                    {
                        var page = await api.Get($"/api/participants/tickets?limit=200{(next.Length > 0 ? "&after=" + Uri.EscapeDataString(next) : "")}", buyer, cancel);
                        foreach (var ticket in page.GetProperty("items").EnumerateArray().Where(ticket => ticket.GetProperty("eventId").GetGuid() == onSale.EventId))
                        {
                            codes[ticket.GetProperty("ticketId").GetString()!] = ticket.GetProperty("code").GetString()!;
                            found++;
                        }

                        next = page.TryGetProperty("next", out var cursor) ? cursor.GetString() : null;
                    }

                    return found >= expected;
                },
                "the tickets are there",
                cancel);
        });
        return codes.Values;
    }

    private static Func<int, Step> Client(ThrowAwaySystem system, Stage stage, OnSale onSale, ConcurrentQueue<string> codes) => gate =>
    {
        var connection = new Connection(system.Gateway);
        return async cancellationToken =>
        {
            if (!codes.TryDequeue(out var code))
            {
                return new Outcome(false, "no ticket is left to scan");
            }

            var request = new RequestBytes(
                "POST", $"/api/participants/events/{onSale.EventId}/checkins", stage.Organizer, $$"""{"scanId":"{{Guid.CreateVersion7()}}","code":"{{code}}","gate":"Gate {{gate % Gates}}"}""");
            return Outcome.Of(await connection.Send(request.NewBuffer(), cancellationToken));
        };
    };
}
