using System.ComponentModel.DataAnnotations;

namespace EventFly.Mailbox.Mails;

internal static class ListMails
{
    public sealed record Request([property: MaxLength(320)] string? To = null, [property: Range(1, 1000)] int? Limit = null);

    public sealed record Response(IReadOnlyList<ReceivedMail> Items);

    public static void Map(RouteGroupBuilder mails) => mails.MapGet("", Handle);

    /// <summary>The newest first; to whom, in whatever case.</summary>
    private static Response Handle([AsParameters] Request request, Letterbox letterbox) => new(letterbox.Newest(
        mail => request.To is not { Length: > 0 } to || string.Equals(mail.To, to, StringComparison.OrdinalIgnoreCase), request.Limit ?? 50));
}
