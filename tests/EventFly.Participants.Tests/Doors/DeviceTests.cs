using System.Net.Http.Json;
using EventFly.BuildingBlocks.Documents;
using EventFly.Participants.Devices;
using EventFly.Testing;
using Microsoft.Extensions.DependencyInjection;
using static EventFly.Participants.Tests.Doors.DoorApp;

namespace EventFly.Participants.Tests.Doors;

public sealed class DeviceTests(DoorApp app) : IClassFixture<DoorApp>
{
    private const string Pairing = "/api/participants/devices/pairing";

    [Fact]
    public async Task A_paired_device_scans_at_its_event_and_nowhere_else()
    {
        var (eventId, tickets) = await app.Sold("Ann");
        var (otherEvent, others) = await app.Sold("Ben");
        var (deviceId, device) = await app.Device(eventId);

        await (await Scan(device, eventId, tickets[0])).Ok();
        await (await Scan(device, otherEvent, others[0])).Refused(404, "event-unknown");
        foreach (var path in (string[])["door-bundle", "door/counts", "door", "door/attendees?search=be"])
        {
            await (await device.GetAsync(Path(otherEvent, path))).Refused(404, "event-unknown");
        }

        await (await app.HandIn(device, otherEvent, Offline(others[0], app.Clock.Now))).Refused(404, "event-unknown");
        var log = await (await app.Staff().GetAsync(Path(eventId, "checkins"))).Ok();
        Assert.Equal((deviceId, true), (log.Items()[0].GetProperty("by").GetGuid(), log.Items()[0].GetProperty("byDevice").GetBoolean()));
    }

    [Fact]
    public async Task A_device_may_scan_and_nothing_more()
    {
        var (eventId, _) = await app.Sold("Ann");
        var (deviceId, device) = await app.Device(eventId);

        foreach (var path in (string[])["attendees", "orders", "devices", "checkins", "checkins/conflicts"])
        {
            await (await device.GetAsync(Path(eventId, path))).Refused(401, "unauthenticated");
        }

        await (await device.PutAsJsonAsync(Path(eventId, "door"), new { reentry = "once" })).Refused(401, "unauthenticated");
        await (await device.PostAsync(Path(eventId, $"devices/{deviceId}/pairing-code"), null)).Refused(401, "unauthenticated");
    }

    [Fact]
    public async Task A_revoked_device_is_out_at_once()
    {
        var (eventId, tickets) = await app.Sold("Ann");
        var (deviceId, device) = await app.Device(eventId);
        await (await device.GetAsync(Path(eventId, "door"))).Ok();

        await (await app.Boss().DeleteAsync(Path(eventId, $"devices/{deviceId}"))).Is(204);
        await (await app.Boss().DeleteAsync(Path(eventId, $"devices/{deviceId}"))).Is(204);

        await (await device.GetAsync(Path(eventId, "door"))).Refused(401, "invalid-device-token");
        await (await Scan(device, eventId, tickets[0])).Refused(401, "invalid-device-token");
        await (await app.HandIn(device, eventId, Offline(tickets[0], app.Clock.Now))).Refused(401, "invalid-device-token");
        await (await app.Boss().PostAsync(Path(eventId, $"devices/{deviceId}/pairing-code"), null)).Refused(409, "device-revoked");
        await (await app.Boss().PutAsJsonAsync(Path(eventId, $"devices/{deviceId}"), new { name = "Again" })).Refused(409, "device-revoked");
        var listed = Assert.Single((await (await app.Boss().GetAsync(Path(eventId, "devices"))).Ok()).Items());
        Assert.Equal("revoked", listed.Text("status"));
    }

    [Fact]
    public async Task A_pairing_code_works_once_and_not_for_long()
    {
        var (eventId, _) = await app.Sold("Ann");
        var deviceId = Guid.CreateVersion7();
        await (await app.Boss().PutAsJsonAsync(Path(eventId, $"devices/{deviceId}"), new { name = "Scanner" })).Ok();
        async Task<string> Code() => (await (await app.Boss().PostAsync(Path(eventId, $"devices/{deviceId}/pairing-code"), null)).Ok()).Text("pairingCode");
        Task<HttpResponseMessage> Pair(string code) => app.Anybody.PostAsJsonAsync(Pairing, new { pairingCode = code });

        var (replaced, lapsed) = (await Code(), await Code());
        await (await Pair(replaced)).Refused(404, "pairing-code-unknown");
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        await (await Pair(lapsed)).Refused(404, "pairing-code-unknown");
        var code = await Code();
        // As people type.
        var paired = await (await Pair(code.ToLowerInvariant().Replace('-', ' '))).Ok();
        await (await Pair(code)).Refused(404, "pairing-code-unknown");

        Assert.Equal((deviceId, eventId), (paired.GetProperty("deviceId").GetGuid(), paired.GetProperty("eventId").GetGuid()));
        await (await app.Bearing(paired.Text("deviceToken")).GetAsync(Path(eventId, "door"))).Ok();
    }

    [Fact]
    public async Task A_device_that_is_paired_anew_loses_its_old_token()
    {
        var (eventId, _) = await app.Sold("Ann");
        var (deviceId, before) = await app.Device(eventId);
        var offered = await (await app.Boss().PostAsync(Path(eventId, $"devices/{deviceId}/pairing-code"), null)).Ok();
        await (await before.GetAsync(Path(eventId, "door"))).Ok();

        await (await app.Anybody.PostAsJsonAsync(Pairing, new { pairingCode = offered.Text("pairingCode") })).Ok();

        await (await before.GetAsync(Path(eventId, "door"))).Refused(401, "invalid-device-token");
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("0190c0de000070008000000000000001.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Tokens_that_were_not_given_out_open_nothing(string token)
    {
        var (eventId, _) = await app.Sold("Ann");
        using var request = new HttpRequestMessage(HttpMethod.Get, Path(eventId, "door"));
        request.Headers.TryAddWithoutValidation("Authorization", "Device " + token);

        using var answer = await app.Anybody.SendAsync(request);

        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Fact]
    public async Task The_token_of_one_device_does_not_open_for_another()
    {
        var (eventId, _) = await app.Sold("Ann");
        var (_, one) = await app.Device(eventId);
        var (other, _) = await app.Device(eventId);
        var token = one.DefaultRequestHeaders.Authorization!.Parameter!;

        await (await app.Bearing($"{other:N}{token[32..]}").GetAsync(Path(eventId, "door"))).Refused(401, "invalid-device-token");
        await (await app.Bearing(token[..^1] + (token[^1] == 'A' ? 'B' : 'A')).GetAsync(Path(eventId, "door"))).Refused(401, "invalid-device-token");
    }

    [Fact]
    public async Task Nothing_that_opens_is_kept_in_clear()
    {
        var (eventId, _) = await app.Sold("Ann");
        var (deviceId, client) = await app.Device(eventId);
        await (await app.Boss().PostAsync(Path(eventId, $"devices/{deviceId}/pairing-code"), null)).Ok();

        var kept = (await app.Services.GetRequiredService<Documents<Device>>().Get(deviceId.ToString(), CancellationToken.None))!.Body;

        Assert.DoesNotContain(client.DefaultRequestHeaders.Authorization!.Parameter!, kept.ToString(), StringComparison.Ordinal);
        Assert.Equal((64, 64), (kept.TokenHash!.Length, kept.PairingHash!.Length));
    }

    [Fact]
    public async Task A_device_stands_at_its_gates_and_lets_in_its_ticket_types()
    {
        var (eventId, tickets) = await app.Sold("Ann", "Ben");
        var (_, north) = await app.Device(eventId, gates: ["North"]);
        var (_, crewOnly) = await app.Device(eventId, ticketTypeIds: [Guid.CreateVersion7()]);

        await (await Scan(north, eventId, tickets[0], gate: "South")).Refused(422, "gate-not-of-device");
        await (await Scan(crewOnly, eventId, tickets[0])).Refused(409, "ticket-type-not-of-device");
        await (await Scan(north, eventId, tickets[0], gate: "North")).Ok();
        var handedIn = await (await app.HandIn(north, eventId, Offline(tickets[1], app.Clock.Now, gate: "South"))).Ok();
        Assert.Equal(("conflict", "gate-not-of-device"), (handedIn.GetProperty("results")[0].Text("outcome"), handedIn.GetProperty("results")[0].Text("reason")));
    }

    [Fact]
    public async Task A_device_takes_back_its_own_scans_and_people_take_back_any()
    {
        var (eventId, tickets) = await app.Sold("Ann");
        var (_, one) = await app.Device(eventId);
        var (deviceId, other) = await app.Device(eventId);
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await (await Scan(one, eventId, tickets[0], first)).Ok();

        await (await other.DeleteAsync(Path(eventId, $"checkins/{first}"))).Refused(403, "scan-of-another");
        await (await app.Staff().DeleteAsync(Path(eventId, $"checkins/{first}"))).Is(204);
        await (await Scan(other, eventId, tickets[0], second)).Ok();
        await (await other.DeleteAsync(Path(eventId, $"checkins/{second}?why=wrong%20line"))).Is(204);

        var undone = (await (await app.Staff().GetAsync(Path(eventId, $"checkins?by={deviceId}"))).Ok()).Items().Single().GetProperty("undone");
        Assert.Equal((deviceId, true, "wrong line"), (undone.GetProperty("by").GetGuid(), undone.GetProperty("byDevice").GetBoolean(), undone.Text("why")));
    }

    [Fact]
    public async Task Only_who_manages_staff_manages_the_devices_of_their_own_events()
    {
        var (eventId, _) = await app.Sold("Ann");
        var (deviceId, _) = await app.Device(eventId);
        using var stranger = app.CreateClient(TestUser.Organizer(Guid.CreateVersion7(), "staff.manage"));
        var path = Path(eventId, $"devices/{deviceId}");

        await (await app.Staff().PutAsJsonAsync(path, new { name = "Mine" })).Refused(403, "forbidden");
        await (await stranger.PutAsJsonAsync(path, new { name = "Mine" })).Refused(404, "event-unknown");
        await (await stranger.PostAsync(path + "/pairing-code", null)).Refused(404, "device-unknown");
        await (await stranger.DeleteAsync(path)).Refused(404, "device-unknown");
        await (await stranger.GetAsync(Path(eventId, "devices"))).Refused(404, "event-unknown");
        var (otherEvent, _) = await app.Sold("Ben");
        await (await app.Boss().PutAsJsonAsync(Path(otherEvent, $"devices/{deviceId}"), new { name = "Moved" })).Refused(404, "device-unknown");
    }

    [Fact]
    public async Task It_is_seen_when_a_device_was_there_last()
    {
        var (eventId, _) = await app.Sold("Ann");
        var (_, device) = await app.Device(eventId);
        async Task<DateTimeOffset> Seen() =>
            (await (await app.Boss().GetAsync(Path(eventId, "devices"))).Ok()).Items()[0].GetProperty("lastSeenAt").GetDateTimeOffset();

        await (await device.GetAsync(Path(eventId, "door"))).Ok();
        var first = await Seen();
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await (await device.GetAsync(Path(eventId, "door"))).Ok();

        Assert.Equal(first + TimeSpan.FromMinutes(2), await Seen());
    }
}
