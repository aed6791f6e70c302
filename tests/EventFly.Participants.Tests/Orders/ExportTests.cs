using System.Net.Http.Json;
using System.Text;
using EventFly.Contracts.Events;
using static EventFly.Participants.Tests.ParticipantsApp;

namespace EventFly.Participants.Tests.Orders;

public sealed class ExportTests(ParticipantsApp app) : IClassFixture<ParticipantsApp>
{
    [Fact]
    public async Task Attendees_are_exported_with_a_column_per_question_and_no_formula()
    {
        var type = Type(price: 0, name: "Regular, \"front\"");
        var meal = new QuestionTerms(Guid.CreateVersion7(), "Which meal?", QuestionKind.Many, false, null, ["Vegan", "Fish"], [], false);
        var note = new QuestionTerms(Guid.CreateVersion7(), "=Note?", QuestionKind.Text, false, 500, [], [], false);
        var gone = new QuestionTerms(Guid.CreateVersion7(), "Gone?", QuestionKind.YesNo, false, null, [], [], true);
        var eventId = await app.OnSale(type);
        await app.Bus.Say(app.Changed(eventId, type) with { Questions = [meal, note, gone] }, eventId.ToString(), sequence: 5);
        var (orderId, buyer) = (Guid.CreateVersion7(), app.Buyer());
        await (await Hold(buyer, eventId, orderId, (type, 2))).Ok();
        await (await buyer.PutAsJsonAsync($"/api/participants/orders/{orderId}", new
        {
            eventId,
            attendees = new object[]
            {
                new
                {
                    type.TicketTypeId, name = "=cmd|' /C calc'!A0", email = "ann@example.org",
                    answers = new Dictionary<Guid, string[]> { [meal.QuestionId] = ["Vegan", "Fish"], [note.QuestionId] = ["no nuts,\nplease"] },
                },
                new { type.TicketTypeId, name = "Zoë", email = "+zoe@example.org" },
            },
        })).Ok();
        await app.Quiet();

        var answer = await app.Organizer("order.read").GetAsync($"/api/participants/events/{eventId}/attendees.csv");
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var rows = Read(Encoding.UTF8.GetString(bytes)[1..]);

        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(new byte[] { 0xEF, 0xBB, 0xBF }, bytes[..3]);
        Assert.Equal(new[] { "Which meal?", "'=Note?", "Gone?" }, rows[0][^3..]);
        Assert.Equal(3, rows.Count);
        Assert.Equal(new[] { "'=cmd|' /C calc'!A0", "ann@example.org" }, rows[1][3..5]);
        Assert.Equal(new[] { "Vegan; Fish", "no nuts,\nplease", "" }, rows[1][^3..]);
        Assert.Equal(new[] { "Regular, \"front\"", "Zoë", "'+zoe@example.org", "valid" }, rows[2][2..6]);
        Assert.All(rows, row => Assert.Equal(rows[0].Length, row.Length));
    }

    [Fact]
    public async Task Exports_are_for_their_own_organisation()
    {
        var type = Type(price: 0);
        var eventId = await app.OnSale(type);
        await Ordered(app.Buyer(), eventId, type, "Ann", "Ben");
        await app.Quiet();

        foreach (var file in (string[])["attendees.csv", "orders.csv"])
        {
            await (await app.Stranger().GetAsync($"/api/participants/events/{eventId}/{file}")).Refused(404, "event-unknown");
            await (await app.Organizer("checkin.scan").GetAsync($"/api/participants/events/{eventId}/{file}")).Is(403);
        }

        var orders = Read((await app.Organizer("order.read").GetStringAsync($"/api/participants/events/{eventId}/orders.csv")).TrimStart('\uFEFF'));
        Assert.Equal(2, orders.Count);
        Assert.Equal(new[] { "confirmed", "2", "0", "0", "EUR", "no" }, orders[1][4..]);
    }

    [Fact]
    public async Task A_ticket_is_an_appointment_of_its_holder()
    {
        var type = Type(price: 0);
        var (eventId, buyer) = (await app.OnSale(type), app.Buyer());
        var (_, tickets) = await app.Bought(buyer, eventId, type, "Ann");
        var path = $"/api/participants/tickets/{tickets[0].Text("ticketId")}/calendar.ics";

        var text = await buyer.GetStringAsync(path);

        Assert.Contains($"UID:ticket-{tickets[0].Text("ticketId")}@eventfly\r\n", text, StringComparison.Ordinal);
        Assert.Contains("SUMMARY:Summer Night\r\n", text, StringComparison.Ordinal);
        Assert.Contains("STATUS:CONFIRMED\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(tickets[0].Text("code"), text.Replace("\r\n ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        await (await app.Buyer().GetAsync(path)).Refused(404, "ticket-unknown");
        await app.Bus.Say(app.Cancelled(eventId), eventId.ToString(), sequence: 8);
        await app.Quiet();
        Assert.Contains("STATUS:CANCELLED\r\n", await buyer.GetStringAsync(path), StringComparison.Ordinal);
    }

    /// <summary>Reads as RFC 4180 says.</summary>
    private static List<string[]> Read(string text)
    {
        var (rows, row, cell, quoted) = (new List<string[]>(), new List<string>(), new StringBuilder(), false);
        for (var index = 0; index < text.Length; index++)
        {
            var letter = text[index];
            if (quoted && letter == '"' && index + 1 < text.Length && text[index + 1] == '"')
            {
                cell.Append('"');
                index++;
            }
            else if (letter == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && letter == ',')
            {
                row.Add(cell.ToString());
                cell.Clear();
            }
            else if (!quoted && letter == '\r' && text[index + 1] == '\n')
            {
                row.Add(cell.ToString());
                cell.Clear();
                rows.Add([.. row]);
                row.Clear();
                index++;
            }
            else
            {
                cell.Append(letter);
            }
        }

        return rows;
    }
}
