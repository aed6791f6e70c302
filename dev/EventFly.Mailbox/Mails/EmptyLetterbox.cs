using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Mailbox.Mails;

internal static class EmptyLetterbox
{
    public static void Map(RouteGroupBuilder mails) => mails.MapDelete("", Handle);

    private static NoContent Handle(Letterbox letterbox)
    {
        letterbox.Empty();
        return TypedResults.NoContent();
    }
}
