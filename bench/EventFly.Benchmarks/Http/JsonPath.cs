using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;
using EventFly.Participants.Inventory;

namespace EventFly.Benchmarks.Http;

/// <summary>The JSON of a hold from request to response, the stored event, and the envelope of a message.</summary>
[MemoryDiagnoser]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1822", Justification = "BenchmarkDotNet calls instances.")]
public class JsonPath
{
    private static readonly byte[] Request = Encoding.UTF8.GetBytes($$"""{"lines":[{"ticketTypeId":"{{Inventories.TypeId}}","quantity":2}]}""");
    private static readonly InventoryEvent Held = Inventories.Events(1)[1];
    private static readonly NewEvent Stored = InventoryStream.Definition.Names.Write(Held);
    private static readonly SaleWithdrawn Message = new(Inventories.EventId, Inventories.EventId, "storm");
    private static readonly byte[] Wrapped = Envelope.Wrap(Message, Inventories.EventId.ToString("N"), 7, Inventories.Now).Envelope.ToArray();

    private readonly HoldTickets.Response response = new(
        Inventories.EventId, Inventories.EventId, AllotmentStatus.Held, [new HoldTickets.PricedLine(Inventories.TypeId, "Regular", 2, 2_500, 2_500, null, null)], 5_000, "EUR", Inventories.Now);

    [Benchmark]
    public object? ReadRequest() => JsonSerializer.Deserialize<HoldTickets.Request>(Request, EventFlyJson.Options);

    [Benchmark]
    public byte[] WriteResponse() => JsonSerializer.SerializeToUtf8Bytes(response, EventFlyJson.Options);

    [Benchmark]
    public NewEvent WriteEvent() => InventoryStream.Definition.Names.Write(Held);

    [Benchmark]
    public object ReadEvent() => InventoryStream.Definition.Names.Read(new StoredEvent(1, Stored.Name, Stored.Data, Inventories.Now));

    [Benchmark]
    public Announcement WriteEnvelope() => Envelope.Wrap(Message, "0190", 7, Inventories.Now);

    [Benchmark]
    public object ReadEnvelope() => Envelope.Read(Wrapped).Message(typeof(SaleWithdrawn));
}
