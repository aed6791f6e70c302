using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Orders;

/// <summary>All answers of one attendee anew (If-Match: the order's ETag): by the ticket's buyer or holder in time, by the organiser at any time.</summary>
internal static class PutAnswers
{
    /// <param name="Answers">By question: one text, one choice, several choices, or yes or no.</param>
    public sealed record Request([MaxLength(PlaceOrder.MostAnswers)] IReadOnlyDictionary<Guid, IReadOnlyList<string>> Answers);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPut("/orders/{orderId:guid}/tickets/{ticketId:guid}/answers", Handle).RequireSignIn().WithName("PutAnswers");

    private static async Task<Results<Ok<OrderResponse>, NoContent, ProblemHttpResult>> Handle(
        Guid orderId, Guid ticketId, Request request, IfMatch ifMatch, CurrentUser user, HttpResponse http,
        Streams streams, Documents<EventRules> rules, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (details, unread) = await streams.DetailsOf(orderId, cancellationToken);
        if (details is null)
        {
            return unread!.ToProblem();
        }

        var asked = await rules.RulesOf(details, cancellationToken);
        var answers = AnswerLists.Tidy(request.Answers);
        var editor = Editing.EditorOf(user, details);
        var changed = await streams.DecideOrder(
            orderId,
            state => Editing.IfCurrent(state, ifMatch, editor, Decide(state, ticketId, answers, asked, editor, clock.GetUtcNow())),
            cancellationToken);
        return Editing.Answer(changed, editor, http);
    }

    private static Decision<OrderEvent> Decide(
        Order order, Guid ticketId, IReadOnlyList<Answer> answers, EventRules asked, Editor editor, DateTimeOffset now)
    {
        var worded = asked.Questions.Worded(answers);
        var decision = order.Answer(ticketId, worded, editor, asked.ChangesUntil, now);
        return decision.Events.Count > 0
            && order.Tickets.Find(one => one.TicketId == ticketId) is { } ticket
            && asked.Questions.RefusalOf(ticket.TicketTypeId, answers, "answers", ticket.Answers) is { } wrong
                ? wrong
                : decision;
    }
}
