using System.Net.Http.Json;
using System.Security.Cryptography;
using EventFly.Contracts.Participants;
using EventFly.Participants.Tickets;
using static EventFly.Participants.Tests.Doors.DoorApp;

namespace EventFly.Participants.Tests.Doors;

public sealed class HandInTests(DoorApp app) : IClassFixture<DoorApp>
{
    [Fact]
    public async Task Two_doors_that_could_not_ask_let_in_the_same_ticket_and_both_scans_are_told()
    {
        var (eventId, tickets) = await app.Sold("Ann", "Ben");
        var (_, north) = await app.Device(eventId);
        var (_, south) = await app.Device(eventId);
        var (early, late) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var evening = app.Clock.Now;
        app.Clock.Advance(TimeSpan.FromHours(1));

        var first = await (await app.HandIn(north, eventId, Offline(tickets[0], evening.AddMinutes(10), late, "North"))).Ok();
        Assert.Equal("admitted", first.GetProperty("results")[0].Text("outcome"));
        var second = await (await app.HandIn(south, eventId, Offline(tickets[0], evening.AddMinutes(5), early, "South"), Offline(tickets[1], evening))).Ok();
        Assert.Equal(["admitted", "admitted"], second.GetProperty("results").EnumerateArray().Select(result => result.Text("outcome")));

        var conflict = Assert.Single((await (await app.Staff().GetAsync(Path(eventId, "checkins/conflicts"))).Ok()).Items());
        Assert.Equal((late, "North"), (conflict.GetProperty("scan").GetProperty("scanId").GetGuid(), conflict.GetProperty("scan").Text("gate")));
        Assert.Equal((early, "South"), (conflict.GetProperty("against").GetProperty("scanId").GetGuid(), conflict.GetProperty("against").Text("gate")));
        var counts = await app.Counts(eventId);
        Assert.Equal((2, 2, 1), (counts.GetProperty("admitted").GetInt32(), counts.GetProperty("inside").GetInt32(), counts.GetProperty("conflicts").GetInt32()));
        await app.Quiet();
        Assert.Equal("superseded", Assert.Single(app.Bus.Messages<ScanWithdrawn>(), told => told.ScanId == late).Reason);
        Assert.Contains(app.Bus.Messages<TicketCheckedIn>(), told => told.ScanId == early);
    }

    [Fact]
    public async Task Handed_in_again_each_scan_is_answered_the_same()
    {
        var (eventId, tickets) = await app.Sold("Ann", "Ben");
        var (_, door) = await app.Device(eventId);
        object[] scans = [Offline(tickets[0], app.Clock.Now), Offline(tickets[0], app.Clock.Now.AddSeconds(1)), Offline(tickets[1], app.Clock.Now, letIn: false)];

        var first = await (await app.HandIn(door, eventId, scans)).Ok();
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        var again = await (await app.HandIn(door, eventId, scans)).Ok();
        var portions = await (await app.HandIn(door, eventId, scans[1])).Ok();

        Assert.Equal(first.GetProperty("results").ToString(), again.GetProperty("results").ToString());
        Assert.Equal(first.GetProperty("results")[1].ToString(), portions.GetProperty("results")[0].ToString());
        Assert.Equal(3, (await (await app.Staff().GetAsync(Path(eventId, "checkins"))).Ok()).Items().Length);
    }

    [Fact]
    public async Task A_door_whose_clock_is_wrong_is_put_right()
    {
        var (eventId, tickets) = await app.Sold("Ann");
        var (_, door) = await app.Device(eventId);
        var now = app.Clock.Now;

        // Its clock is three hours ahead; it scanned ten minutes ago.
        var answer = await (await door.PostAsJsonAsync(
            Path(eventId, "checkins/batch"), new { deviceNow = now.AddHours(3), scans = new[] { Offline(tickets[0], now.AddHours(3).AddMinutes(-10)) } })).Ok();

        Assert.Equal(-10_800, answer.GetProperty("clockBehindSeconds").GetDouble());
        var scan = Assert.Single((await (await app.Staff().GetAsync(Path(eventId, "checkins"))).Ok()).Items());
        Assert.Equal(now.AddMinutes(-10), scan.GetProperty("at").GetDateTimeOffset());
        Assert.Equal(now.AddHours(3).AddMinutes(-10), scan.GetProperty("deviceTime").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")]
    [InlineData("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z")]
    [InlineData("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z")]
    public async Task A_clock_that_makes_no_sense_loses_no_scan(string deviceNow, string deviceTime)
    {
        var (eventId, tickets) = await app.Sold("Ann");
        var (_, door) = await app.Device(eventId);

        var answer = await (await door.PostAsJsonAsync(Path(eventId, "checkins/batch"), new
        {
            deviceNow,
            scans = new[] { new { scanId = Guid.CreateVersion7(), code = tickets[0].Text("code"), gate = "North", deviceTime, letIn = true } },
        })).Ok();

        Assert.Equal("admitted", answer.GetProperty("results")[0].Text("outcome"));
        var at = Assert.Single((await (await app.Staff().GetAsync(Path(eventId, "checkins"))).Ok()).Items()).GetProperty("at").GetDateTimeOffset();
        Assert.InRange(at, app.Clock.Now.AddDays(-30), app.Clock.Now);
    }

    [Fact]
    public async Task What_should_not_have_been_let_in_is_kept_with_its_reason()
    {
        var (eventId, tickets) = await app.Sold("Ann", "Ben");
        var (_, others) = await app.Sold("Cleo");
        var (_, door) = await app.Device(eventId);
        Assert.True(TicketCode.TryRead(tickets[0].Text("code"), out _, out var signed, out _));
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forged = TicketCode.Write(signed, foreign.SignData(signed, HashAlgorithmName.SHA256));
        await (await app.Boss().PutAsync($"/api/participants/orders/{tickets[0].Text("orderId")}/refunds/{Guid.CreateVersion7()}", null)).Ok();
        await app.Quiet();
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        object Scan(string? code, Guid? ticketId = null) => new { scanId = Guid.CreateVersion7(), code, ticketId, gate = "North", deviceTime = app.Clock.Now, letIn = true };
        var answer = await (await app.HandIn(
            door, eventId, Scan(tickets[1].Text("code")), Scan(forged), Scan("nonsense"), Scan(others[0].Text("code")), Scan(null, Guid.CreateVersion7()), Scan(null))).Ok();

        Assert.Equal(
            ["ticket-void", "code-forged", "code-unreadable", "code-of-other-event", "ticket-unknown", "code-unreadable"],
            answer.GetProperty("results").EnumerateArray().Select(result => result.Text("reason")));
        Assert.All(answer.GetProperty("results").EnumerateArray(), result => Assert.Equal("conflict", result.Text("outcome")));
        Assert.Equal(6, (await (await app.Staff().GetAsync(Path(eventId, "checkins/conflicts"))).Ok()).Items().Length);
        Assert.Equal(0, (await app.Counts(eventId)).GetProperty("inside").GetInt32());
    }

    [Fact]
    public async Task A_conflict_is_settled_with_a_note_and_stays_in_the_log()
    {
        var (eventId, tickets) = await app.Sold("Ann");
        var (_, door) = await app.Device(eventId);
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await (await app.HandIn(door, eventId, Offline(tickets[0], app.Clock.Now.AddSeconds(-9), first), Offline(tickets[0], app.Clock.Now, second))).Ok();
        var path = Path(eventId, $"checkins/conflicts/{second}/resolution");
        Task<int> Listed(string query) => Count(eventId, query);

        Assert.Equal((1, 0), (await Listed("?resolved=false"), await Listed("?resolved=true")));
        await (await app.Stranger().PutAsJsonAsync(path, new { note = "mine" })).Refused(404, "event-unknown");
        await (await door.PutAsJsonAsync(path, new { note = "mine" })).Refused(401, "unauthenticated");
        await (await app.Staff().PutAsJsonAsync(Path(eventId, $"checkins/conflicts/{first}/resolution"), new { note = "x" })).Refused(409, "no-conflict");
        await (await app.Staff().PutAsJsonAsync(Path(eventId, $"checkins/conflicts/{Guid.CreateVersion7()}/resolution"), new { note = "x" })).Refused(404, "scan-unknown");
        await (await app.Staff().PutAsJsonAsync(path, new { note = "Twins; the second one paid at the desk." })).Ok();

        Assert.Equal((0, 1, 1), (await Listed("?resolved=false"), await Listed("?resolved=true"), await Listed("")));
        await (await app.Staff().DeleteAsync(Path(eventId, $"checkins/{first}?why=wrong%20ticket"))).Is(204);
        Assert.Equal(0, await Listed(""));
        var undone = (await (await app.Staff().GetAsync(Path(eventId, "checkins?outcome=undone"))).Ok()).Items().Single();
        Assert.Equal("wrong ticket", undone.GetProperty("undone").Text("why"));
    }

    [Fact]
    public async Task A_scan_handed_in_before_its_ticket_is_known_counts_from_then_on()
    {
        var type = ParticipantsApp.Type(price: 0);
        var eventId = await app.OnSale(type);
        var (_, door) = await app.Device(eventId);
        var buyer = app.Buyer();
        var orderId = Guid.CreateVersion7();
        await (await ParticipantsApp.Hold(buyer, eventId, orderId, (type, 1))).Ok();
        var placed = await (await ParticipantsApp.Place(buyer, eventId, orderId, (type, "Ann"))).Ok();
        await app.Quiet();
        var ticket = (await (await buyer.GetAsync("/api/participants/tickets")).Ok()).Items().Single();

        // Known by now, but this door heard of it by hand and of another one that never was.
        var answer = await (await app.HandIn(door, eventId, new { scanId = Guid.CreateVersion7(), ticketId = ticket.GetProperty("ticketId").GetGuid(), gate = "North", deviceTime = app.Clock.Now, letIn = true })).Ok();

        Assert.NotEqual(default, placed);
        Assert.Equal("admitted", answer.GetProperty("results")[0].Text("outcome"));
    }

    [Fact]
    public async Task A_scan_id_that_belongs_to_another_ticket_is_not_kept_again()
    {
        var (eventId, tickets) = await app.Sold("Ann", "Ben");
        var (_, door) = await app.Device(eventId);
        var scan = Guid.CreateVersion7();

        var answer = await (await app.HandIn(door, eventId, Offline(tickets[0], app.Clock.Now, scan), Offline(tickets[1], app.Clock.Now, scan))).Ok();

        Assert.Equal((true, false), (answer.GetProperty("results")[0].GetProperty("isKept").GetBoolean(), answer.GetProperty("results")[1].GetProperty("isKept").GetBoolean()));
        Assert.Equal("scan-taken", answer.GetProperty("results")[1].Text("reason"));
    }

    [Fact]
    public async Task A_portion_has_a_bound()
    {
        var (eventId, _) = await app.Sold("Ann");
        var (_, door) = await app.Device(eventId);
        object[] Many(int count) => [.. Enumerable.Range(0, count).Select(_ => new { scanId = Guid.CreateVersion7(), ticketId = Guid.CreateVersion7(), gate = "North", deviceTime = app.Clock.Now, letIn = true })];

        await (await app.HandIn(door, eventId, Many(501))).Refused(400, "validation");
        Assert.Equal(500, (await (await app.HandIn(door, eventId, Many(500))).Ok()).GetProperty("results").GetArrayLength());
    }

    private async Task<int> Count(Guid eventId, string query) => (await (await app.Staff().GetAsync(Path(eventId, "checkins/conflicts" + query))).Ok()).Items().Length;
}
