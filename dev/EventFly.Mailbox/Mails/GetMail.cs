using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Mailbox.Mails;

internal static class GetMail
{
    public static void Map(RouteGroupBuilder mails) => mails.MapGet("/{id:guid}", Handle);

    private static Results<Ok<ReceivedMail>, ProblemHttpResult> Handle(Guid id, Letterbox letterbox) => letterbox.Find(id) is { } mail
        ? TypedResults.Ok(mail)
        : Refusal.NotFound("unknown-mail", "There is no such mail (any more).").ToProblem();
}
