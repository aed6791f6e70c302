using System.Net.Http.Json;
using System.Text.Json;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Events;
using EventFly.Contracts.Payments;
using EventFly.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.Participants.Tests;

/// <summary>The service as it runs, and the words of its neighbours, its buyers and its organisers.</summary>
public class ParticipantsApp : ServiceApp<Program>
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public Guid Organization { get; } = Guid.CreateVersion7();

    public HttpClient Anybody => CreateClient();

    public HttpClient Buyer(Guid? id = null) => CreateClient(TestUser.Participant(id));

    public HttpClient Organizer(params string[] permissions) => CreateClient(TestUser.Organizer(
        Organization, permissions.Length > 0 ? permissions : ["order.read", "order.refund", "checkin.scan"]));

    public HttpClient Stranger() => CreateClient(TestUser.Organizer(Guid.CreateVersion7(), "order.read", "order.refund", "checkin.scan"));

    public static TicketTypeTerms Type(int quantity = 100, long price = 2500, string name = "Regular") =>
        new(Guid.CreateVersion7(), name, price, "EUR", quantity, null, null, null);

    public EventPublished Published(Guid eventId, params TicketTypeTerms[] types) =>
        new(eventId, Organization, "Summer Night", Clock.Now.AddDays(30), Clock.Now.AddDays(31), "Old Mill", types);

    public EventChanged Changed(Guid eventId, params TicketTypeTerms[] types) =>
        new(eventId, Organization, "Summer Night", Clock.Now.AddDays(30), Clock.Now.AddDays(31), "Old Mill", types);

    public EventCancelled Cancelled(Guid eventId) => new(eventId, Organization, "storm");

    /// <summary>An event on sale.</summary>
    public async Task<Guid> OnSale(params TicketTypeTerms[] types)
    {
        // The service must be listening before its neighbours speak.
        _ = Server;
        var eventId = Guid.CreateVersion7();
        await Bus.Say(Published(eventId, types), eventId.ToString(), sequence: 3);
        await Eventually.True(
            async () => (await Anybody.GetAsync($"/api/participants/events/{eventId}/availability")).IsSuccessStatusCode, "the event is on sale");
        await Quiet();
        return eventId;
    }

    public static Task<HttpResponseMessage> Hold(HttpClient buyer, Guid eventId, Guid orderId, params (TicketTypeTerms Type, int Quantity)[] lines) =>
        buyer.PutAsJsonAsync(
            $"/api/participants/events/{eventId}/holds/{orderId}",
            new { lines = lines.Select(line => new { line.Type.TicketTypeId, line.Quantity }) }, Web);

    public static Task<HttpResponseMessage> Place(HttpClient buyer, Guid eventId, Guid orderId, params (TicketTypeTerms Type, string Name)[] attendees) =>
        buyer.PutAsJsonAsync(
            $"/api/participants/orders/{orderId}",
            new { eventId, attendees = attendees.Select(attendee => new { attendee.Type.TicketTypeId, attendee.Name, email = "guest@example.org" }) }, Web);

    /// <summary>An order that waits for its payment (or, if it is free, is complete).</summary>
    public static async Task<Guid> Ordered(HttpClient buyer, Guid eventId, TicketTypeTerms type, params string[] names)
    {
        var orderId = Guid.CreateVersion7();
        await (await Hold(buyer, eventId, orderId, (type, names.Length))).Ok();
        await (await Place(buyer, eventId, orderId, [.. names.Select(name => (type, name))])).Ok();
        return orderId;
    }

    /// <summary>Payments says that money came in.</summary>
    public async Task<Guid> Pay(Guid orderId, Guid eventId, long amount, Guid? paymentId = null)
    {
        var payment = paymentId ?? Guid.CreateVersion7();
        await Bus.Say(new PaymentSucceeded(payment, orderId, eventId, Organization, amount, "EUR"), payment.ToString());
        await Quiet();
        return payment;
    }

    /// <summary>A paid order with its tickets.</summary>
    public async Task<(Guid OrderId, JsonElement[] Tickets)> Bought(HttpClient buyer, Guid eventId, TicketTypeTerms type, params string[] names)
    {
        var orderId = await Ordered(buyer, eventId, type, names);
        if (type.Price > 0)
        {
            await Pay(orderId, eventId, type.Price * names.Length);
        }

        await Quiet();
        var tickets = await (await buyer.GetAsync("/api/participants/tickets?limit=200")).Ok();
        return (orderId, [.. tickets.GetProperty("items").EnumerateArray().Where(ticket => ticket.GetProperty("orderId").GetGuid() == orderId)]);
    }

    public static async Task<JsonElement> OrderOf(HttpClient caller, Guid orderId) => await (await caller.GetAsync($"/api/participants/orders/{orderId}")).Ok();

    public async Task<JsonElement> Availability(Guid eventId) => await (await Anybody.GetAsync($"/api/participants/events/{eventId}/availability")).Ok();

    public async Task<int> Free(Guid eventId) => (await Availability(eventId)).GetProperty("ticketTypes")[0].GetProperty("free").GetInt32();

    /// <summary>Waits until everything that was announced so far, and what follows from it, has been handled.</summary>
    public async Task Quiet()
    {
        var outbox = Services.GetRequiredService<IOutbox>();
        var heard = -1;
        await Eventually.True(
            async () =>
            {
                var before = heard;
                var pending = await outbox.Pending(CancellationToken.None);
                heard = Bus.Published.Count;
                await Bus.Settled();
                return pending == 0 && heard == before;
            },
            "everything that was announced has been handled");
    }
}
