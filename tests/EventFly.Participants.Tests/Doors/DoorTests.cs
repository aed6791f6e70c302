using System.Net.Http.Json;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Participants;
using static EventFly.Participants.Tests.Doors.DoorApp;

namespace EventFly.Participants.Tests.Doors;

public sealed class DoorTests(DoorApp app) : IClassFixture<DoorApp>
{
    [Fact]
    public async Task Whoever_left_comes_in_again_where_the_organiser_allows_it()
    {
        var (eventId, tickets) = await app.Sold("Ann");
        await (await app.Boss().PutAsJsonAsync(Path(eventId, "door"), new { reentry = "afterExit" })).Ok();
        var door = app.Staff();

        await (await Scan(door, eventId, tickets[0])).Ok();
        await (await Scan(door, eventId, tickets[0])).Refused(409, "already-admitted");
        var exit = await (await Exit(eventId, tickets[0].Text("code"))).Ok();
        Assert.True(exit.GetProperty("wasInside").GetBoolean());
        Assert.Equal(0, (await app.Counts(eventId)).GetProperty("inside").GetInt32());
        await (await Scan(door, eventId, tickets[0], gate: "South")).Ok();

        var counts = await app.Counts(eventId);
        Assert.Equal((1, 1), (counts.GetProperty("admitted").GetInt32(), counts.GetProperty("inside").GetInt32()));
        Assert.Equal(
            ["North 1 1 1 0", "South 1 0 0 0"],
            counts.GetProperty("gates").EnumerateArray().Select(gate => $"{gate.Text("name")} {gate.GetProperty("in")} {gate.GetProperty("out")} {gate.GetProperty("refused")} {gate.GetProperty("conflicts")}"));
        await app.Quiet();
        Assert.Equal(2, app.Bus.Messages<TicketCheckedIn>().Count(told => told.EventId == eventId));
        Assert.Single(app.Bus.Messages<TicketCheckedOut>(), told => told.EventId == eventId);
    }

    [Fact]
    public async Task Whoever_may_scan_at_one_event_scans_there_alone_and_reads_no_orders()
    {
        var (here, tickets) = await app.Sold("Ann");
        var (elsewhere, others) = await app.Sold("Ben");
        var door = app.CreateClient(Testing.TestUser.EventStaff(app.Organization, here, Permissions.CheckinScan));
        var forged = app.CreateClient(Testing.TestUser.EventStaff(Guid.CreateVersion7(), here, Permissions.CheckinScan));

        await (await Scan(door, elsewhere, others[0])).Refused(403, "forbidden");
        await (await Scan(door, here, others[0])).Is(404, 409, 422);
        await (await Scan(forged, here, tickets[0])).Refused(404, "event-unknown");
        await (await door.GetAsync(Path(here, "orders"))).Refused(403, "forbidden");
        await (await Scan(door, here, tickets[0])).Ok();
        Assert.Equal(1, (await (await door.GetAsync(Path(here, "door/counts"))).Ok()).GetProperty("inside").GetInt32());
        await (await door.GetAsync(Path(elsewhere, "door/counts"))).Refused(403, "forbidden");
    }

    [Fact]
    public async Task Who_may_read_the_orders_of_one_event_reads_single_ones_of_it_and_of_no_other()
    {
        var (here, tickets) = await app.Sold("Ann");
        var (_, others) = await app.Sold("Ben");
        var clerk = app.CreateClient(Testing.TestUser.EventStaff(app.Organization, here, Permissions.OrderRead));

        await (await clerk.GetAsync($"/api/participants/orders/{tickets[0].Text("orderId")}")).Ok();
        await (await clerk.GetAsync($"/api/participants/orders/{others[0].Text("orderId")}")).Refused(404, "order-unknown");
        await (await clerk.GetAsync(Path(here, "orders"))).Ok();
    }

    [Fact]
    public async Task Whoever_leaves_without_having_come_is_not_kept()
    {
        var (eventId, tickets) = await app.Sold("Ann");

        var exit = await (await Exit(eventId, tickets[0].Text("code"))).Ok();

        Assert.False(exit.GetProperty("wasInside").GetBoolean());
        Assert.Equal(0, (await app.Counts(eventId)).GetProperty("inside").GetInt32());
        await (await Exit(eventId, "nonsense")).Refused(422, "code-unreadable");
    }

    [Fact]
    public async Task Gates_that_the_organiser_named_are_the_only_ones()
    {
        var (eventId, tickets) = await app.Sold("Ann", "Ben");
        await (await app.Boss().PutAsJsonAsync(Path(eventId, "door"), new
        {
            reentry = "once",
            gates = new object[] { new { name = "North" }, new { name = "Stage", ticketTypeIds = new[] { Guid.CreateVersion7() } } },
        })).Ok();

        await (await Scan(app.Staff(), eventId, tickets[0], gate: "Moon")).Refused(409, "gate-unknown");
        await (await Scan(app.Staff(), eventId, tickets[0], gate: "Stage")).Refused(409, "wrong-gate");
        await (await Scan(app.Staff(), eventId, tickets[0], gate: "North")).Ok();
    }

    [Fact]
    public async Task Rules_are_the_organisers_and_say_everything_once()
    {
        var (eventId, _) = await app.Sold("Ann");
        var (path, same) = (Path(eventId, "door"), Guid.CreateVersion7());

        await (await app.Staff().PutAsJsonAsync(path, new { reentry = "once" })).Refused(403, "forbidden");
        await (await app.CreateClient(Testing.TestUser.Organizer(Guid.CreateVersion7(), "event.edit")).PutAsJsonAsync(path, new { reentry = "once" })).Refused(404, "event-unknown");
        await (await app.Boss().PutAsJsonAsync(path, new { reentry = "once", gates = new[] { new { name = "A" }, new { name = " A" } } })).Refused(400, "gate-twice");
        await (await app.Boss().PutAsJsonAsync(path, new { reentry = "once", ticketTypes = new[] { new { ticketTypeId = same, reentry = "once" }, new { ticketTypeId = same, reentry = "unlimited" } } }))
            .Refused(400, "ticket-type-twice");
        await (await app.Boss().PutAsJsonAsync(path, new { reentry = "once", pauseSeconds = -1 })).Refused(400, "validation");
        var set = await (await app.Boss().PutAsJsonAsync(path, new { reentry = "once", ticketTypes = new[] { new { ticketTypeId = same, reentry = "unlimited", pauseSeconds = 5 } } })).Ok();
        Assert.Equal(set.ToString(), (await (await app.Staff().GetAsync(path)).Ok()).ToString());
    }

    [Fact]
    public async Task Somebody_without_a_code_is_found_and_let_in_by_hand()
    {
        var (eventId, tickets) = await app.Sold("Ann Miller", "Ben van Dyke");
        var (otherEvent, _) = await app.Sold("Ann Other");
        var (_, device) = await app.Device(eventId);

        var found = Assert.Single((await (await device.GetAsync(Path(eventId, "door/attendees?search=mil"))).Ok()).Items());
        Assert.Equal(("Ann Miller", "valid"), (found.Text("name"), found.Text("status")));
        Assert.False(found.TryGetProperty("email", out _));
        Assert.Equal(2, (await (await device.GetAsync(Path(eventId, $"door/attendees?orderId={tickets[0].Text("orderId")}"))).Ok()).Items().Length);
        await (await device.GetAsync(Path(eventId, "door/attendees"))).Refused(400, "search-required");
        await (await device.GetAsync(Path(eventId, "door/attendees?search=%20a%20"))).Refused(400, "search-required");

        var (scan, byHand) = (Guid.CreateVersion7(), Path(eventId, $"tickets/{found.Text("ticketId")}/checkins"));
        var admitted = await (await device.PostAsJsonAsync(byHand, new { scanId = scan, gate = "North" })).Ok();
        var again = await (await device.PostAsJsonAsync(byHand, new { scanId = scan, gate = "North" })).Ok();
        Assert.Equal(admitted.ToString(), again.ToString());
        await (await device.PostAsJsonAsync(byHand, new { scanId = Guid.CreateVersion7(), gate = "North" })).Refused(409, "already-admitted");
        await (await Scan(device, eventId, tickets[0])).Refused(409, "already-admitted");
        await (await app.Staff().PostAsJsonAsync(Path(otherEvent, $"tickets/{found.Text("ticketId")}/checkins"), new { scanId = scan, gate = "North" })).Refused(404, "ticket-unknown");
        Assert.Equal("admitted", (await (await device.GetAsync(Path(eventId, "door/attendees?search=mil"))).Ok()).Items()[0].Text("status"));
    }

    [Fact]
    public async Task The_log_is_read_in_pages_and_by_what_one_looks_for()
    {
        var (eventId, tickets) = await app.Sold("Ann", "Ben", "Cleo");
        foreach (var ticket in tickets)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await (await Scan(app.Staff(), eventId, ticket, gate: ticket.Text("attendeeName") == "Ben" ? "South" : "North")).Ok();
        }

        await (await Scan(app.Staff(), eventId, tickets[0])).Refused(409, "already-admitted");
        async Task<string[]> Log(string query) =>
            [.. (await (await app.Staff().GetAsync(Path(eventId, "checkins" + query))).Ok()).Items().Select(scan => $"{scan.Text("gate")} {scan.Text("outcome")}")];

        Assert.Equal(["North refused", "North admitted", "South admitted", "North admitted"], await Log(""));
        Assert.Equal(["South admitted"], await Log("?gate=South"));
        Assert.Equal(["North refused"], await Log("?outcome=refused"));
        Assert.Equal(2, (await Log($"?ticketId={tickets[0].Text("ticketId")}")).Length);
        var first = await (await app.Staff().GetAsync(Path(eventId, "checkins?limit=3"))).Ok();
        Assert.Equal(["North admitted"], await Log($"?limit=3&after={first.Text("next")}"));
        await (await app.Staff().GetAsync(Path(eventId, "checkins?after=nonsense"))).Refused(400, "cursor-unreadable");
        await (await app.Stranger().GetAsync(Path(eventId, "checkins"))).Refused(404, "event-unknown");
    }

    [Fact]
    public async Task Many_doors_at_once_count_exactly()
    {
        string[] names = [.. Enumerable.Range(0, 10).Select(number => $"Guest {number}")];
        var type = ParticipantsApp.Type();
        var eventId = await app.OnSale(type);
        var (_, tickets) = await app.Bought(app.Buyer(), eventId, type, names);
        var door = app.Staff();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(index => Scan(door, eventId, tickets[index % 10], gate: $"Gate {index % 4}")));

        Assert.Equal(10, answers.Count(answer => answer.IsSuccessStatusCode));
        var counts = await app.Counts(eventId);
        Assert.Equal((10, 10), (counts.GetProperty("admitted").GetInt32(), counts.GetProperty("inside").GetInt32()));
        Assert.Equal(
            (10, 90),
            (counts.GetProperty("gates").EnumerateArray().Sum(gate => gate.GetProperty("in").GetInt32()), counts.GetProperty("gates").EnumerateArray().Sum(gate => gate.GetProperty("refused").GetInt32())));
    }

    private Task<HttpResponseMessage> Exit(Guid eventId, string code, string gate = "North") =>
        app.Staff().PostAsJsonAsync(Path(eventId, "exits"), new { scanId = Guid.CreateVersion7(), code, gate });
}
