using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Events.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Events.Questions;

/// <summary>Asks a question no longer. What was answered to it stays. Removing what is not there changes nothing.</summary>
internal static class RemoveQuestion
{
    public static void Map(RouteGroupBuilder questions) =>
        questions.MapDelete("/{questionId:guid}", Handle).RequirePermission("event.edit").WithSummary("Remove a question to attendees");

    private static Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid questionId, IfMatch ifMatch, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken) =>
        events.RemovePart(eventId, own => own.RemoveQuestion(questionId), ifMatch, user, http, cancellationToken);
}
