using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Orders;
using EventFly.Participants.Scans;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Tickets;

/// <summary>Every ticket of an event with its attendee and the answers, a column per question in the order in which they are asked.</summary>
internal static class ExportAttendees
{
    private const int PageSize = 500;

    private static readonly string[] Headings =
        ["ticketId", "orderId", "ticketType", "name", "email", "status", "price", "currency", "issuedAt", "admittedAt", "gate"];

    public static void Map(RouteGroupBuilder api) => api.MapGet("/events/{eventId:guid}/attendees.csv", Handle)
        .RequirePermission("order.read").WithName("ExportAttendees").Produces<string>(200, "text/csv");

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> Handle(
        Guid eventId, CurrentUser user, HttpContext http,
        Documents<Ticket> tickets, Documents<EventAtDoor> events, Documents<EventRules> rules, Streams streams, CancellationToken cancellationToken)
    {
        if (await events.Own(eventId, user, cancellationToken) is null)
        {
            return EventAtDoor.Unknown.ToProblem();
        }

        var questions = (await rules.Get(eventId.ToString(), cancellationToken))?.Body.Questions ?? [];
        var (scans, busy) = await streams.ReadScans(eventId, cancellationToken);
        if (busy is not null)
        {
            return busy.ToProblem();
        }

        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Stream(
            async body =>
            {
                await using var csv = new Csv(body);
                await csv.Row([.. Headings, .. questions.Select(question => question.Text)], http.RequestAborted);
                string? after = null;
                do
                {
                    var page = await tickets.Query(
                        new Query([new Where.Eq("event", eventId.ToString())], [new SortBy("name")], PageSize, after), http.RequestAborted);
                    foreach (var ticket in page.Items)
                    {
                        var door = scans.Tickets.GetValueOrDefault(ticket.Body.TicketId);
                        await csv.Row(
                            [.. Cells(ticket.Body, door), .. questions.Select(question => AnswerTo(question.QuestionId, ticket.Body))], http.RequestAborted);
                    }

                    after = page.Next;
                }
                while (after is not null);
            },
            Csv.MediaType, $"attendees-{eventId}.csv");
    }

    private static string[] Cells(Ticket ticket, TicketAtDoor? door) =>
    [
        ticket.TicketId.ToString(), ticket.OrderId.ToString(), ticket.TicketTypeName, ticket.AttendeeName, ticket.AttendeeEmail,
        ticket.StatusAt(door) switch { TicketStatus.Admitted => "admitted", TicketStatus.Void => "void", _ => "valid" },
        Csv.Number(ticket.Price), ticket.Currency, Csv.Time(ticket.IssuedAt), Csv.Time(door?.First?.Scan.At), door?.First?.Scan.Gate ?? "",
    ];

    private static string AnswerTo(Guid questionId, Ticket ticket) =>
        ticket.Answers.FirstOrDefault(answer => answer.QuestionId == questionId) is { } answer ? string.Join("; ", answer.Values) : "";
}
