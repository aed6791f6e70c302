using System.Globalization;
using System.Text;
using EventFly.Mailbox.Mails;

namespace EventFly.Mailbox.Pages;

internal static class MailPage
{
    public static void Map(RouteGroupBuilder pages) => pages.MapGet("/mails/{id:guid}", Show);

    private static IResult Show(Guid id, Letterbox letterbox)
    {
        var main = new StringBuilder();
        if (letterbox.Find(id) is not { } mail)
        {
            main.Append("<h1>No such mail</h1><p>It was emptied, or made room for newer ones. <a href=\"/\">All mails</a></p>");
            return Page.Show("No such mail", main, StatusCodes.Status404NotFound);
        }

        main.Append(CultureInfo.InvariantCulture,
            $"""
            <h1>{Page.Text(ListPage.SubjectOf(mail))}</h1>
            <dl><dt>To</dt><dd>{To(mail)}</dd><dt>At</dt><dd>{Page.Time(mail.At)}</dd><dt>Kind</dt><dd>{Page.Text(mail.Kind)}</dd></dl>
            """);
        main.Append(mail.Problem is { } problem
            ? $"<p class=\"problem\">{Page.Text(problem)}</p>"
            : $"<pre>{Page.TextWithLinks(mail.Text)}</pre>");
        main.Append("<p><a href=\"/\">All mails</a></p>");
        return Page.Show(ListPage.SubjectOf(mail), main);
    }

    private static string To(ReceivedMail mail) => mail.Problem is null
        ? $"<a href=\"/?to={Uri.EscapeDataString(mail.To)}\">{Page.Text(mail.To)}</a>"
        : "unknown";
}
