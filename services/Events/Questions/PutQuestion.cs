using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Events;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Questions;

/// <summary>Adds a question under the client's id, or changes it (If-Match: the event's ETag). It counts for orders placed from then on.</summary>
internal static class PutQuestion
{
    public sealed record Request(
        [Length(1, Question.LongestText)] string Text,
        QuestionKind Kind,
        bool Required,
        [Range(1, Question.LongestAnswer)] int? MaxLength,
        [MaxLength(Question.MostChoices)] IReadOnlyList<string>? Choices,
        [MaxLength(Event.MaxTicketTypes)] IReadOnlyList<Guid>? TicketTypeIds,
        [Range(0, 1_000)] int Position = 0);

    public static void Map(RouteGroupBuilder questions) =>
        questions.MapPut("/{questionId:guid}", Handle).RequirePermission("event.edit").WithSummary("Add or change a question to attendees");

    private static async Task<Results<Created<Question>, Ok<Question>, ProblemHttpResult>> Handle(
        Guid eventId, Guid questionId, Request request, IfMatch ifMatch, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken)
    {
        var (wanted, fault) = new Question(
            questionId, request.Text, request.Kind, request.Required, request.MaxLength, request.Choices ?? [], request.TicketTypeIds ?? [], request.Position).Checked();
        return wanted is null
            ? fault!.ToProblem()
            : await events.PutPart(
                eventId, own => own.FindQuestion(questionId) is { Removed: false } asked ? asked : null, own => own.SetQuestion(wanted), ifMatch, user, http, cancellationToken);
    }
}
