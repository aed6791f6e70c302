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

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid eventId, Guid questionId, IfMatch ifMatch, Documents<Event> events, CurrentUser user, HttpResponse http, CancellationToken cancellationToken)
    {
        var (stored, refusal) = await events.Change(
            eventId.ToString(),
            found => found.IfOwn(user, own => own.Body.FindQuestion(questionId) is { Removed: false } && ifMatch.RefuseIfSent(own.Version) is { } stale
                ? stale
                : own.Body.RemoveQuestion(questionId)),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.SetETag(stored!.Version);
        return TypedResults.NoContent();
    }
}
