using System.Collections.Concurrent;
using System.Text.Json;
using EventFly.Bench.Load;
using EventFly.Bench.Running;

namespace EventFly.Bench.Scenarios;

/// <summary>Hold, order, pay, until the ticket can be shown.</summary>
internal static class Purchases
{
    private const int Clients = 64;
    private const double Wanted = 500;
    private const double WantedShare = 0.9999;
    private static readonly string[] Steps = ["hold", "order", "pay", "confirmed", "ticket"];
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    public static async Task Run(Bench bench, ThrowAwaySystem system, Stage stage, CancellationToken cancellationToken)
    {
        var onSale = await stage.Event(500_000, 2_500, cancellationToken);
        var taken = Steps.ToDictionary(name => name, _ => new ConcurrentBag<double>());
        var usage = system.Watch();
        var measured = await Rush.Closed(Clients, bench.WarmUp * 2, bench.Duration * 2, Client(system, stage, onSale, taken), cancellationToken);
        bench.Add("hold, pay, ticket", measured, usage: usage);
        foreach (var (name, times) in taken)
        {
            var sorted = times.Order().ToArray();
            Console.WriteLine($"    {name} p50 {sorted[sorted.Length / 2]:0.0}, p99 {sorted[sorted.Length * 99 / 100]:0.0} ms");
        }

        bench.AtLeast("purchases per second", Wanted, measured.PerSecond);
        bench.AtLeast("share of purchases that succeeded", WantedShare, (double)measured.Succeeded / Math.Max(1, measured.Succeeded + measured.Failed));
        if (measured.Failed == 0)
        {
            var free = await stage.Free(onSale, cancellationToken);
            bench.Check(onSale.Tickets - free == measured.Succeeded, $"{measured.Succeeded} purchases got their ticket and {onSale.Tickets - free} tickets are sold");
        }
    }

    private static Func<int, Step> Client(
        ThrowAwaySystem system, Stage stage, OnSale onSale, Dictionary<string, ConcurrentBag<double>> taken) => client =>
    {
        var token = stage.Buyers[client % stage.Buyers.Count];
        var connection = new Connection(system.Gateway);
        var hold = Prepared("PUT", $"/api/participants/events/{onSale.EventId}/holds/{{0}}", $$"""{"lines":[{"ticketTypeId":"{{onSale.TicketTypeId}}","quantity":1}]}""");
        var order = Prepared(
            "PUT", "/api/participants/orders/{0}",
            $$"""{"eventId":"{{onSale.EventId}}","attendees":[{"ticketTypeId":"{{onSale.TicketTypeId}}","name":"Ada Guest","email":"ada@example.org"}]}""");
        var pay = Prepared("PUT", "/api/payments/payments/{1}", """{"orderId":"{0}","paymentMethodId":"pm_card_visa","returnUrl":"https://example.org/back"}""");
        var look = Prepared("GET", "/api/participants/orders/{0}", null);
        var ticket = Prepared("GET", "/api/participants/tickets/{0}", null);
        (string, Prepared)[] steps = [("hold", hold), ("order", order), ("pay", pay)];
        return async cancellationToken =>
        {
            var (orderId, paymentId) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            var from = TimeProvider.System.GetTimestamp();
            foreach (var (name, step) in steps)
            {
                if (await step.Send(connection, cancellationToken, orderId, paymentId) is var status and not 200)
                {
                    return new Outcome(false, $"{name} {status}");
                }

                Took(name, ref from);
            }

            if (connection.Body.IndexOf("\"status\":\"succeeded\""u8) < 0)
            {
                return new Outcome(false, "the payment did not succeed");
            }

            var began = TimeProvider.System.GetTimestamp();
            Guid? ticketId = null;
            for (var pause = 25; TimeProvider.System.GetElapsedTime(began) < LongestWait; pause = Math.Min(pause * 2, 100))
            {
                await Task.Delay(pause, cancellationToken);
                if (ticketId is null)
                {
                    if (await look.Send(connection, cancellationToken, orderId) is var said and not 200)
                    {
                        return new Outcome(false, $"order {said}");
                    }

                    ticketId = TicketOf(connection.Body);
                    if (ticketId is not null)
                    {
                        Took("confirmed", ref from);
                    }
                }

                if (ticketId is { } id && await ticket.Send(connection, cancellationToken, id) is var found and not 404)
                {
                    Took("ticket", ref from);
                    return found == 200 ? Outcome.Success : new Outcome(false, $"ticket {found}");
                }
            }

            return new Outcome(false, ticketId is null ? "no confirmation in time" : "no ticket in time");
        };

        void Took(string name, ref long since)
        {
            var now = TimeProvider.System.GetTimestamp();
            taken[name].Add(TimeProvider.System.GetElapsedTime(since, now).TotalMilliseconds);
            since = now;
        }

        Prepared Prepared(string method, string path, string? json) => new(new RequestBytes(method, path, token, json));
    };

    private static Guid? TicketOf(ReadOnlySpan<byte> order)
    {
        var reader = new Utf8JsonReader(order);
        var answer = JsonElement.ParseValue(ref reader);
        return answer.GetProperty("status").GetString() == "confirmed" ? answer.GetProperty("tickets")[0].GetProperty("ticketId").GetGuid() : null;
    }

    private sealed class Prepared(RequestBytes request)
    {
        private readonly byte[] buffer = request.NewBuffer();

        public ValueTask<int> Send(Connection connection, CancellationToken cancellationToken, params ReadOnlySpan<Guid> ids) =>
            connection.Send(request.With(buffer, ids), cancellationToken);
    }
}
