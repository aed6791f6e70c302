using System.Text.Json;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Prove.Plan;
using EventFly.Prove.Rush;
using EventFly.Prove.Sweep;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventFly.Prove.Running;

/// <summary>Reads the database files, the processor and the bus, when all is at rest.</summary>
internal sealed class GatherEvidence(ThrowAwaySystem system, Door door, HttpClient simulator)
{
    public async Task<Evidence> Run(Shop shop, Told told, IReadOnlyList<string> unrest, CancellationToken cancellationToken)
    {
        // Before the files are read: whoever asks first writes down what lapsed.
        var free = await Free(shop, cancellationToken);
        var outboxes = new Dictionary<string, long>(StringComparer.Ordinal);
        var documents = new Dictionary<string, IReadOnlyList<JsonElement>>(StringComparer.Ordinal);
        List<Happened> participants = [], payments = [];
        foreach (var service in ThrowAwaySystem.Services)
        {
            using var database = new ReadDatabase(await system.DatabaseFile(service));
            outboxes[service] = database.Count("outbox");
            if (service is "participants")
            {
                participants = database.Events();
                foreach (var collection in (string[])["orders", "tickets"]) documents[collection] = database.Documents(collection);
            }
            else if (service is "payments")
            {
                payments = database.Events();
                foreach (var collection in (string[])["payable_orders", "ledger_movements", "alerts"]) documents[collection] = database.Documents(collection);
            }
        }

        return new Evidence(
            shop, participants, payments, documents, await Processor(cancellationToken), free, outboxes, await DeadLetters(cancellationToken), unrest,
            told.Promises, told.Surprises, (int)Math.Min(int.MaxValue, door.Requests - door.SentAgain));
    }

    private async Task<Dictionary<Guid, int>> Free(Shop shop, CancellationToken cancellationToken)
    {
        var availability = await door.Send(HttpMethod.Get, $"/api/participants/events/{shop.EventId}/availability", null, null, cancellationToken);
        return availability.IsYes
            ? availability.Body.Items("ticketTypes").ToDictionary(type => type.Id("ticketTypeId"), type => (int)type.Number("free"))
            : [];
    }

    private async Task<List<Moved>> Processor(CancellationToken cancellationToken)
    {
        var movements = new List<Moved>();
        for (long? after = 0; after is not null;)
        {
            var page = JsonElement.Parse(await simulator.GetStringAsync(new Uri($"/_simulator/ledger?after={after}&limit=5000", UriKind.Relative), cancellationToken));
            if (page.Number("evicted") > 0) throw new InvalidDataException("The simulator has forgotten its first movements: it keeps too few for this run.");
            foreach (var movement in page.Items("movements"))
            {
                var of = movement.GetProperty("metadata");
                movements.Add(new Moved(
                    movement.Text("kind"), movement.Text("id"), movement.Number("amount"), of.IdIfAny("payment_id"), of.IdIfAny("order_id"), of.IdIfAny("refund_id")));
            }

            after = page.TryGetProperty("next", out var next) && next.ValueKind is JsonValueKind.Number ? next.GetInt64() : null;
        }

        return movements;
    }

    private async Task<List<string>> DeadLetters(CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:nats", await system.Nats())]);
        builder.AddNatsClient("nats");
        await using var services = builder.Services.BuildServiceProvider();
        var letters = await services.GetRequiredService<IDeadLetters>().List(null, 0, 500, cancellationToken);
        return [.. letters.Select(letter => $"{letter.Listener} gave up {letter.Subject} after {letter.Attempts} tries: {letter.Reason}")];
    }
}
