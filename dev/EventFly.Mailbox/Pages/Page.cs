using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace EventFly.Mailbox.Pages;

/// <summary>What all pages have around them. Whatever comes from a mail goes through <see cref="Text"/>.</summary>
internal static partial class Page
{
    public static IResult Show(string title, StringBuilder main, int status = StatusCodes.Status200OK) => Results.Content(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Text(title)}</title>
        <link rel="stylesheet" href="/style.css">
        </head>
        <body>
        <a class="skip" href="#main">Skip to the mails</a>
        <header><p><a href="/">EventFly mailbox</a></p><p>What would be sent by mail. Nothing leaves this machine, and all is gone when it stops.</p></header>
        <main id="main">
        {main}
        </main>
        </body>
        </html>
        """, "text/html; charset=utf-8", Encoding.UTF8, status);

    public static string Text(string? text) => WebUtility.HtmlEncode(text) ?? "";

    /// <summary>The text with its web addresses as links.</summary>
    public static string TextWithLinks(string text)
    {
        var html = new StringBuilder();
        var from = 0;
        foreach (Match link in WebAddress().Matches(text))
        {
            html.Append(Text(text[from..link.Index]));
            html.Append(CultureInfo.InvariantCulture, $"<a href=\"{Text(link.Value)}\" rel=\"noreferrer\">{Text(link.Value)}</a>");
            from = link.Index + link.Length;
        }

        return html.Append(Text(text[from..])).ToString();
    }

    public static string Time(DateTimeOffset at) => string.Create(
        CultureInfo.InvariantCulture, $"<time datetime=\"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\">{at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC</time>");

    [GeneratedRegex("""https?://[^\s<>"']*[^\s<>"'.,;:!?)\]]""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WebAddress();
}
