using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace EventFly.Participants.Tests.Doors;

/// <summary>The service with its organisers, its staff at the doors and their devices.</summary>
public sealed class DoorApp : ParticipantsApp
{
    public static string Path(Guid eventId, string rest) => $"/api/participants/events/{eventId}/{rest}";

    public HttpClient Boss() => Organizer("staff.manage", "event.edit", "checkin.scan", "order.refund", "order.read");

    public HttpClient Staff() => Organizer("checkin.scan");

    public HttpClient Bearing(string deviceToken)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Device", deviceToken);
        return client;
    }

    /// <summary>A device that is paired.</summary>
    public async Task<(Guid DeviceId, HttpClient Client)> Device(Guid eventId, string[]? gates = null, Guid[]? ticketTypeIds = null)
    {
        var deviceId = Guid.CreateVersion7();
        await (await Boss().PutAsJsonAsync(Path(eventId, $"devices/{deviceId}"), new { name = "Scanner", gates, ticketTypeIds })).Ok();
        var offered = await (await Boss().PostAsync(Path(eventId, $"devices/{deviceId}/pairing-code"), null)).Ok();
        var paired = await (await Anybody.PostAsJsonAsync("/api/participants/devices/pairing", new { pairingCode = offered.Text("pairingCode") })).Ok();
        return (deviceId, Bearing(paired.Text("deviceToken")));
    }

    /// <summary>An event with sold tickets.</summary>
    public async Task<(Guid EventId, JsonElement[] Tickets)> Sold(params string[] names)
    {
        var type = Type();
        var eventId = await OnSale(type);
        var (_, tickets) = await Bought(Buyer(), eventId, type, names);
        return (eventId, [.. tickets.OrderBy(ticket => Array.IndexOf(names, ticket.Text("attendeeName")))]);
    }

    public static Task<HttpResponseMessage> Scan(HttpClient door, Guid eventId, JsonElement ticket, Guid? scanId = null, string gate = "North") =>
        door.PostAsJsonAsync(Path(eventId, "checkins"), new { scanId = scanId ?? Guid.CreateVersion7(), code = ticket.Text("code"), gate });

    public static object Offline(JsonElement ticket, DateTimeOffset at, Guid? scanId = null, string gate = "North", bool letIn = true, string direction = "in") =>
        new { scanId = scanId ?? Guid.CreateVersion7(), code = ticket.Text("code"), gate, deviceTime = at, letIn, direction };

    public Task<HttpResponseMessage> HandIn(HttpClient door, Guid eventId, params object[] scans) =>
        door.PostAsJsonAsync(Path(eventId, "checkins/batch"), new { deviceNow = Clock.Now, scans });

    public async Task<JsonElement> Counts(Guid eventId) => await (await Staff().GetAsync(Path(eventId, "door/counts"))).Ok();
}
