using System.Globalization;
using System.Text;
using EventFly.Mailbox.Mails;

namespace EventFly.Mailbox.Pages;

internal static class ListPage
{
    private const int Shown = 200;

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/", Show);
        pages.MapPost("/empty", Empty);
    }

    private static IResult Show(Letterbox letterbox, string? to = null)
    {
        var wanted = to?.Trim() ?? "";
        var mails = letterbox.Newest(mail => mail.To.Contains(wanted, StringComparison.OrdinalIgnoreCase), Shown + 1);
        var main = new StringBuilder();
        main.Append(CultureInfo.InvariantCulture,
            $"""
            <h1>Mails</h1>
            <form role="search" action="/" method="get"><label for="to">To</label> <input id="to" name="to" type="search" value="{Page.Text(wanted)}" autocomplete="off" spellcheck="false"> <button>Search</button></form>
            """);
        if (mails.Count == 0)
        {
            main.Append(wanted.Length == 0
                ? "<p>No mail yet. Sign up, invite somebody: it appears here when the page is loaded again.</p>"
                : $"<p>No mail to an address with “{Page.Text(wanted)}” in it. <a href=\"/\">Show all</a></p>");
            return Page.Show("Mails", main);
        }

        main.Append(CultureInfo.InvariantCulture,
            $"""
            <table><caption>{Amount(mails.Count, wanted)}, the newest first</caption>
            <thead><tr><th scope="col">At</th><th scope="col">To</th><th scope="col">Subject</th><th scope="col">Kind</th></tr></thead><tbody>
            """);
        foreach (var mail in mails.Take(Shown))
        {
            main.Append(CultureInfo.InvariantCulture, $"<tr><td>{Page.Time(mail.At)}</td><td>{Page.Text(mail.To)}</td>");
            main.Append(CultureInfo.InvariantCulture, $"<td><a href=\"/mails/{mail.Id}\">{Page.Text(SubjectOf(mail))}</a></td><td>{Page.Text(mail.Kind)}</td></tr>\n");
        }

        main.Append("</tbody></table>\n<form action=\"/empty\" method=\"post\"><button>Empty the mailbox</button></form>");
        return Page.Show("Mails", main);
    }

    private static SeeOther Empty(Letterbox letterbox)
    {
        letterbox.Empty();
        return new SeeOther("/");
    }

    private static string Amount(int found, string wanted) =>
        (found > Shown ? $"The newest {Shown} mails" : found == 1 ? "1 mail" : $"{found} mails") + (wanted.Length == 0 ? "" : $" to “{Page.Text(wanted)}”");

    public static string SubjectOf(ReceivedMail mail) => mail.Problem is null ? mail.Subject : "(cannot be opened)";
}

/// <summary>After a form was sent: the page that is loaded again is not the form.</summary>
internal sealed class SeeOther(string to) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = to;
        return Task.CompletedTask;
    }
}
