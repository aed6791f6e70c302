using System.Buffers.Text;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using static EventFly.Participants.Tests.Doors.DoorApp;

namespace EventFly.Participants.Tests.Doors;

public sealed class BundleTests(DoorApp app) : IClassFixture<DoorApp>
{
    [Fact]
    public async Task A_bundle_says_what_a_door_needs_and_nobodys_name()
    {
        var (eventId, tickets) = await app.Sold("Ann Miller", "Ben van Dyke");
        var (_, device) = await app.Device(eventId);
        await (await app.Boss().PutAsJsonAsync(Path(eventId, "door"), new { reentry = "afterExit", gates = new[] { new { name = "North" } } })).Ok();
        await (await Scan(device, eventId, tickets[0])).Ok();

        var text = await (await device.GetAsync(Path(eventId, "door-bundle"))).Content.ReadAsStringAsync();

        var bundle = JsonDocument.Parse(text).RootElement;
        Assert.Equal(("Summer Night", "afterExit"), (bundle.GetProperty("event").Text("name"), bundle.GetProperty("rules").Text("reentry")));
        Assert.True(bundle.GetProperty("isComplete").GetBoolean());
        var ann = TicketIn(bundle, tickets[0]);
        Assert.Equal(("AM", 1, true, 1), (ann.Text("initials"), ann.GetProperty("codeVersion").GetInt32(), ann.GetProperty("isInside").GetBoolean(), ann.GetProperty("admissions").GetInt32()));
        Assert.Equal("BVD", TicketIn(bundle, tickets[1]).Text("initials"));
        foreach (var personal in (string[])["Ann", "Miller", "Dyke", "example.org", tickets[0].Text("code"), tickets[0].Text("orderId")])
        {
            Assert.DoesNotContain(personal, text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_bundle_is_signed_with_the_key_of_the_tickets_and_bears_no_change()
    {
        var (eventId, _) = await app.Sold("Ann");
        var (_, device) = await app.Device(eventId);

        using var answer = await device.GetAsync(Path(eventId, "door-bundle"));

        var (body, signature) = (await answer.Content.ReadAsByteArrayAsync(), answer.Headers.GetValues("Bundle-Signature").Single());
        Assert.True(await IsSigned(body, signature));
        foreach (var index in (int[])[0, body.Length / 2, body.Length - 1])
        {
            var changed = body.ToArray();
            changed[index] ^= 1;
            Assert.False(await IsSigned(changed, signature));
        }

        var header = JsonDocument.Parse(Base64Url.DecodeFromChars(signature.Split('.')[0])).RootElement;
        Assert.Equal(("ES256", "eventfly-door-bundle"), (header.Text("alg"), header.Text("typ")));
    }

    [Fact]
    public async Task Only_what_changed_is_sent_again()
    {
        var (eventId, tickets) = await app.Sold("Ann", "Ben");
        var (_, device) = await app.Device(eventId);
        var whole = await Bundle(device, eventId, "");
        var since = whole.GetProperty("sequence").GetInt64();
        Assert.Equal(2, whole.GetProperty("tickets").GetArrayLength());
        Assert.Equal(0, (await Bundle(device, eventId, $"?since={since}")).GetProperty("tickets").GetArrayLength());

        await (await Scan(app.Staff(), eventId, tickets[1])).Ok();
        var scanned = await Bundle(device, eventId, $"?since={since}");
        Assert.Equal(tickets[1].Text("ticketId"), Assert.Single(scanned.GetProperty("tickets").EnumerateArray()).Text("ticketId"));
        await (await Scan(app.Staff(), eventId, tickets[1])).Refused(409, "already-admitted");
        since = scanned.GetProperty("sequence").GetInt64();
        Assert.Equal(0, (await Bundle(device, eventId, $"?since={since}")).GetProperty("tickets").GetArrayLength());

        await (await app.Boss().PutAsync($"/api/participants/orders/{tickets[0].Text("orderId")}/refunds/{Guid.CreateVersion7()}", null)).Ok();
        await app.Quiet();
        var voided = await Bundle(device, eventId, $"?since={since}");
        Assert.Equal([true, true], voided.GetProperty("tickets").EnumerateArray().Select(ticket => ticket.GetProperty("isVoid").GetBoolean()));
    }

    [Fact]
    public async Task Pages_lack_nothing_also_when_doors_go_on_between_them()
    {
        var type = ParticipantsApp.Type();
        var eventId = await app.OnSale(type);
        List<JsonElement> tickets = [];
        for (var order = 0; order < 5; order++)
        {
            tickets.AddRange((await app.Bought(app.Buyer(), eventId, type, "Ann", "Ben", "Cleo")).Tickets);
        }

        var (_, device) = await app.Device(eventId);
        var known = new Dictionary<string, JsonElement>();
        var (since, pages, complete) = (0L, 0, false);
        while (!complete)
        {
            var page = await Bundle(device, eventId, $"?since={since}&limit=4");
            foreach (var ticket in page.GetProperty("tickets").EnumerateArray())
            {
                known[ticket.Text("ticketId")] = ticket;
            }

            (since, complete) = (page.GetProperty("sequence").GetInt64(), page.GetProperty("isComplete").GetBoolean());
            if (pages++ == 1)
            {
                await (await Scan(app.Staff(), eventId, tickets[0])).Ok();
            }
        }

        Assert.Equal(tickets.Select(ticket => ticket.Text("ticketId")).Order(), known.Keys.Order());
        Assert.True(known[tickets[0].Text("ticketId")].GetProperty("isInside").GetBoolean());
        Assert.InRange(pages, 3, 10);
    }

    [Fact]
    public async Task An_unchanged_bundle_is_not_sent_again()
    {
        var (eventId, tickets) = await app.Sold("Ann");
        var (_, device) = await app.Device(eventId);
        using var first = await device.GetAsync(Path(eventId, "door-bundle"));

        async Task<int> Ask()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Path(eventId, "door-bundle"));
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            return (int)(await device.SendAsync(request)).StatusCode;
        }

        Assert.Equal(304, await Ask());
        await (await Scan(device, eventId, tickets[0])).Ok();
        Assert.Equal(200, await Ask());
    }

    [Fact]
    public async Task New_rules_and_a_changed_event_are_news_too()
    {
        var (eventId, _) = await app.Sold("Ann");
        var (_, device) = await app.Device(eventId);
        using var first = await device.GetAsync(Path(eventId, "door-bundle"));

        await (await app.Boss().PutAsJsonAsync(Path(eventId, "door"), new { reentry = "unlimited", pauseSeconds = 30 })).Ok();
        using var second = await device.GetAsync(Path(eventId, "door-bundle"));
        await app.Bus.Say(app.Changed(eventId), eventId.ToString(), sequence: 9);
        using var third = await device.GetAsync(Path(eventId, "door-bundle"));

        Assert.Equal(3, new[] { first, second, third }.Select(answer => answer.Headers.ETag!.Tag).Distinct().Count());
    }

    [Fact]
    public async Task A_bundle_is_packed_for_whoever_can_unpack_it_and_signed_as_unpacked()
    {
        var (eventId, _) = await app.Sold("Ann");
        var (_, device) = await app.Device(eventId);
        using var request = new HttpRequestMessage(HttpMethod.Get, Path(eventId, "door-bundle"));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));

        using var answer = await device.SendAsync(request);

        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        await using var unpacked = new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var body = new MemoryStream();
        await unpacked.CopyToAsync(body);
        Assert.True(await IsSigned(body.ToArray(), answer.Headers.GetValues("Bundle-Signature").Single()));
    }

    [Fact]
    public async Task Strangers_get_no_bundle()
    {
        var (eventId, _) = await app.Sold("Ann");

        await (await app.Stranger().GetAsync(Path(eventId, "door-bundle"))).Refused(404, "event-unknown");
        await (await app.Organizer("order.read").GetAsync(Path(eventId, "door-bundle"))).Refused(403, "forbidden");
        await (await app.Buyer().GetAsync(Path(eventId, "door-bundle"))).Refused(403, "forbidden");
        await (await app.Anybody.GetAsync(Path(eventId, "door-bundle"))).Refused(401, "unauthenticated");
        await (await app.Staff().GetAsync(Path(Guid.CreateVersion7(), "door-bundle"))).Refused(404, "event-unknown");
    }

    private static JsonElement TicketIn(JsonElement bundle, JsonElement ticket) =>
        bundle.GetProperty("tickets").EnumerateArray().Single(known => known.Text("ticketId") == ticket.Text("ticketId"));

    private static async Task<JsonElement> Bundle(HttpClient device, Guid eventId, string query) =>
        await (await device.GetAsync(Path(eventId, "door-bundle" + query))).Ok();

    /// <summary>As a device does it: with the public key alone.</summary>
    private async Task<bool> IsSigned(byte[] body, string signature)
    {
        var key = (await (await app.Anybody.GetAsync("/api/participants/ticket-keys")).Ok()).GetProperty("keys")[0];
        using var known = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(key.Text("x")), Y = Base64Url.DecodeFromChars(key.Text("y")) },
        });
        var parts = signature.Split('.');
        return parts is [var header, "", var bytes]
            && known.VerifyData(Encoding.ASCII.GetBytes($"{header}.{Base64Url.EncodeToString(body)}"), Base64Url.DecodeFromChars(bytes), HashAlgorithmName.SHA256);
    }
}
