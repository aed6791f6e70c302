using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using EventFly.Contracts.Participants;
using EventFly.Participants.Tickets;
using EventFly.Testing;
using Microsoft.Extensions.DependencyInjection;
using static EventFly.Participants.Tests.ParticipantsApp;

namespace EventFly.Participants.Tests.Tickets;

public sealed class TicketTests(ParticipantsApp app) : IClassFixture<ParticipantsApp>
{
    [Fact]
    public async Task A_ticket_admits_once_and_says_when()
    {
        var (eventId, ticket) = await Sold();
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var admitted = await (await Scan(eventId, ticket.Text("code"), first, "North")).Ok();
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        var again = await (await Scan(eventId, ticket.Text("code"), first, "North")).Ok();
        var refused = await (await Scan(eventId, ticket.Text("code"), second, "South")).Refused(409, "already-admitted");

        Assert.Equal(admitted.ToString(), again.ToString());
        Assert.Equal("Ann", admitted.Text("attendeeName"));
        Assert.Equal(admitted.Text("admittedAt"), refused.Text("admittedAt"));
        Assert.Equal(("North", first), (refused.Text("gate"), refused.GetProperty("scanId").GetGuid()));
        await app.Quiet();
        Assert.Equal(first, Assert.Single(app.Bus.Messages<TicketCheckedIn>(), scan => scan.EventId == eventId).ScanId);
    }

    [Fact]
    public async Task Many_gates_at_the_same_moment_admit_exactly_once()
    {
        var (eventId, ticket) = await Sold();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(gate => Task.Run(
            () => Scan(eventId, ticket.Text("code"), Guid.CreateVersion7(), $"Gate {gate}"))));

        Assert.Equal(1, answers.Count(answer => (int)answer.StatusCode == 200));
        foreach (var refused in answers.Where(answer => (int)answer.StatusCode != 200))
        {
            await refused.Refused(409, "already-admitted");
        }
    }

    [Fact]
    public async Task Codes_that_were_not_made_here_admit_nobody()
    {
        var (eventId, ticket) = await Sold();
        var code = ticket.Text("code");
        Assert.True(TicketCode.TryRead(code, out var read, out var signed, out var signature));
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        await (await Scan(eventId, "nonsense")).Refused(422, "code-unreadable");
        await (await Scan(eventId, "")).Refused(422, "code-unreadable");
        await (await Scan(eventId, code[..^1])).Refused(422, "code-unreadable");
        await (await Scan(eventId, TicketCode.Write(signed, foreign.SignData(signed, HashAlgorithmName.SHA256)))).Refused(422, "code-forged");
        await (await Scan(eventId, TicketCode.Write((read with { TicketId = Guid.CreateVersion7() }).ToSign(), signature))).Refused(422, "code-forged");
        await (await Scan(eventId, TicketCode.Write((read with { KeyNumber = 2 }).ToSign(), signature))).Refused(422, "code-forged");
        Assert.Equal("valid", (await TicketOf(ticket)).Text("status"));
        await (await Scan(eventId, code.ToLowerInvariant())).Ok();
    }

    [Fact]
    public async Task Every_changed_letter_makes_a_code_worthless()
    {
        var (eventId, ticket) = await Sold();
        var code = ticket.Text("code");
        var signer = app.Services.GetRequiredService<TicketSigner>();

        for (var index = TicketCode.Prefix.Length; index < code.Length; index++)
        {
            var other = code[index] == 'A' ? 'B' : 'A';
            var changed = code[..index] + other + code[(index + 1)..];
            Assert.False(
                TicketCode.TryRead(changed, out var read, out var signed, out var signature) && signer.IsOurs(read, signed, signature),
                $"letter {index} may be changed");
        }

        await (await Scan(eventId, code)).Ok();
    }

    [Fact]
    public async Task A_ticket_of_another_event_an_older_code_and_an_unknown_ticket_are_refused()
    {
        var (eventId, ticket) = await Sold();
        var (otherEvent, _) = await Sold();
        var signer = app.Services.GetRequiredService<TicketSigner>();
        var ticketId = ticket.GetProperty("ticketId").GetGuid();

        await (await Scan(otherEvent, ticket.Text("code"))).Refused(422, "code-of-other-event");
        await (await Scan(eventId, signer.Sign(ticketId, eventId, 0))).Refused(409, "code-outdated");
        await (await Scan(eventId, signer.Sign(Guid.CreateVersion7(), eventId, 1))).Refused(409, "ticket-unknown");
        Assert.Equal("valid", (await TicketOf(ticket)).Text("status"));
    }

    [Fact]
    public async Task A_refunded_ticket_admits_nobody()
    {
        var (eventId, ticket) = await Sold();
        await (await app.Organizer().PutAsync($"/api/participants/orders/{ticket.Text("orderId")}/refunds/{Guid.CreateVersion7()}", null)).Ok();
        await app.Quiet();

        await (await Scan(eventId, ticket.Text("code"))).Refused(409, "ticket-void");
        await (await Client(ticket).GetAsync($"/api/participants/tickets/{ticket.Text("ticketId")}/qr.png")).Refused(409, "ticket-void");
    }

    [Fact]
    public async Task An_undone_scan_lets_the_ticket_in_again_but_not_by_the_same_scan()
    {
        var (eventId, ticket) = await Sold();
        var scan = Guid.CreateVersion7();
        var path = $"/api/participants/events/{eventId}/checkins/{scan}";
        await (await Scan(eventId, ticket.Text("code"), scan)).Ok();

        await (await app.Stranger().DeleteAsync(path)).Refused(404, "event-unknown");
        await (await app.Organizer().DeleteAsync($"/api/participants/events/{eventId}/checkins/{Guid.CreateVersion7()}")).Refused(404, "scan-unknown");
        await (await app.Organizer().DeleteAsync(path)).Is(204);
        await (await app.Organizer().DeleteAsync(path)).Is(204);

        await (await Scan(eventId, ticket.Text("code"), scan)).Refused(409, "scan-undone");
        await (await Scan(eventId, ticket.Text("code"))).Ok();
    }

    [Fact]
    public async Task A_scan_id_belongs_to_one_ticket()
    {
        var type = Type();
        var eventId = await app.OnSale(type);
        var (_, tickets) = await app.Bought(app.Buyer(), eventId, type, "Ann", "Ben");
        var scan = Guid.CreateVersion7();

        await (await Scan(eventId, tickets[0].Text("code"), scan)).Ok();
        await (await Scan(eventId, tickets[1].Text("code"), scan)).Refused(409, "scan-taken");
    }

    [Fact]
    public async Task Only_the_staff_of_the_organisation_checks_in()
    {
        var (eventId, ticket) = await Sold();
        var body = new { scanId = Guid.CreateVersion7(), code = ticket.Text("code"), gate = "North" };
        var path = $"/api/participants/events/{eventId}/checkins";

        await (await app.Stranger().PostAsJsonAsync(path, body)).Refused(404, "event-unknown");
        await (await app.Organizer("order.read").PostAsJsonAsync(path, body)).Refused(403, "forbidden");
        await (await app.Buyer().PostAsJsonAsync(path, body)).Refused(403, "forbidden");
        await (await app.Anybody.PostAsJsonAsync(path, body)).Refused(401, "unauthenticated");
        using var staff = app.CreateClient(TestUser.Staff(app.Organization, "checkin.scan"));
        await (await staff.PostAsJsonAsync(path, body)).Ok();
    }

    [Fact]
    public async Task The_attendee_list_is_searched_by_any_word_of_a_name_and_paged()
    {
        var type = Type();
        var eventId = await app.OnSale(type);
        await app.Bought(app.Buyer(), eventId, type, "Ann Miller", "Ben van Dyke", "anna Lee");
        await app.Quiet();
        var path = $"/api/participants/events/{eventId}/attendees";

        async Task<string[]> Names(string query) =>
            [.. (await (await app.Organizer().GetAsync(path + query)).Ok()).Items().Select(attendee => attendee.Text("name"))];

        Assert.Equal(["Ann Miller", "anna Lee", "Ben van Dyke"], await Names(""));
        Assert.Equal(["Ann Miller", "anna Lee"], await Names("?search=AN"));
        Assert.Equal(["Ben van Dyke"], await Names("?search=van%20d"));
        Assert.Equal(["Ann Miller"], await Names("?search=mil"));
        Assert.Empty(await Names("?search=iller"));
        var page = await (await app.Organizer().GetAsync(path + "?limit=2")).Ok();
        Assert.Equal(["Ben van Dyke"], await Names($"?limit=2&after={page.Text("next")}"));
        await (await app.Stranger().GetAsync(path)).Refused(404, "event-unknown");
        await (await app.Organizer("checkin.scan").GetAsync(path)).Refused(403, "forbidden");
    }

    [Fact]
    public async Task A_ticket_is_seen_by_its_buyer_alone()
    {
        var (_, ticket) = await Sold();
        var path = $"/api/participants/tickets/{ticket.Text("ticketId")}";

        var seen = await (await Client(ticket).GetAsync(path)).Ok();
        Assert.Equal(("Summer Night", "Old Mill", "valid"), (seen.Text("eventName"), seen.Text("venue"), seen.Text("status")));
        await (await app.Buyer().GetAsync(path)).Refused(404, "ticket-unknown");
        await (await app.Buyer().GetAsync(path + "/qr.svg")).Refused(404, "ticket-unknown");
        await (await app.Organizer().GetAsync(path)).Refused(403, "forbidden");
        Assert.Empty((await (await app.Buyer().GetAsync("/api/participants/tickets")).Ok()).Items());
    }

    [Fact]
    public async Task A_ticket_shows_the_event_as_it_is_now()
    {
        var (eventId, ticket) = await Sold();

        await app.Bus.Say(
            new Contracts.Events.EventChanged(eventId, app.Organization, "Autumn Night", app.Clock.Now.AddDays(90), app.Clock.Now.AddDays(91), null, []),
            eventId.ToString(), sequence: 7);

        Assert.Equal("Autumn Night", (await TicketOf(ticket)).Text("eventName"));
    }

    [Fact]
    public async Task The_qr_code_is_the_same_picture_each_time_and_kept_by_the_client()
    {
        var (_, ticket) = await Sold();
        var path = $"/api/participants/tickets/{ticket.Text("ticketId")}/qr";

        using var png = await Client(ticket).GetAsync(path + ".png");
        using var svg = await Client(ticket).GetAsync(path + ".svg");
        using var again = await Client(ticket).GetAsync(path + ".png");

        Assert.Equal(("image/png", "image/svg+xml"), (png.Content.Headers.ContentType!.MediaType, svg.Content.Headers.ContentType!.MediaType));
        Assert.True(png.Headers.CacheControl!.Private);
        Assert.Equal(await png.Content.ReadAsByteArrayAsync(), await again.Content.ReadAsByteArrayAsync());
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await png.Content.ReadAsByteArrayAsync())[..4]);
        Assert.StartsWith("<svg", (await svg.Content.ReadAsStringAsync()).TrimStart('\uFEFF'), StringComparison.Ordinal);
        using var asked = new HttpRequestMessage(HttpMethod.Get, path + ".png");
        asked.Headers.IfNoneMatch.Add(png.Headers.ETag!);
        await (await Client(ticket).SendAsync(asked)).Is(304);
    }

    [Fact]
    public async Task A_door_device_tells_a_ticket_by_the_public_key_alone()
    {
        var (eventId, ticket) = await Sold();
        var key = (await (await app.Anybody.GetAsync("/api/participants/ticket-keys")).Ok()).GetProperty("keys")[0];

        using var device = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = System.Buffers.Text.Base64Url.DecodeFromChars(key.Text("x")), Y = System.Buffers.Text.Base64Url.DecodeFromChars(key.Text("y")) },
        });

        Assert.False(key.TryGetProperty("d", out _));
        Assert.True(TicketCode.TryRead(ticket.Text("code"), out var code, out var signed, out var signature));
        Assert.Equal((eventId, ticket.GetProperty("ticketId").GetGuid(), 1), (code.EventId, code.TicketId, code.Version));
        Assert.True(device.VerifyData(signed, signature, HashAlgorithmName.SHA256));
    }

    private readonly Dictionary<string, HttpClient> buyers = [];

    private async Task<(Guid EventId, JsonElement Ticket)> Sold()
    {
        var type = Type();
        var eventId = await app.OnSale(type);
        var buyerId = Guid.CreateVersion7();
        var (_, tickets) = await app.Bought(app.Buyer(buyerId), eventId, type, "Ann");
        var ticket = Assert.Single(tickets);
        buyers[ticket.Text("ticketId")] = app.Buyer(buyerId);
        return (eventId, ticket);
    }

    private HttpClient Client(JsonElement ticket) => buyers[ticket.Text("ticketId")];

    private async Task<JsonElement> TicketOf(JsonElement ticket) =>
        await (await Client(ticket).GetAsync($"/api/participants/tickets/{ticket.Text("ticketId")}")).Ok();

    private Task<HttpResponseMessage> Scan(Guid eventId, string code, Guid? scanId = null, string gate = "North") =>
        app.Organizer("checkin.scan").PostAsJsonAsync(
            $"/api/participants/events/{eventId}/checkins", new { scanId = scanId ?? Guid.CreateVersion7(), code, gate, deviceTime = app.Clock.Now });
}
