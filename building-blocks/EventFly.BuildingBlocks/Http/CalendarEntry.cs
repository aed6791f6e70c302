using System.Globalization;
using System.Text;

namespace EventFly.BuildingBlocks.Http;

/// <summary>One appointment as an iCalendar file (RFC 5545). A calendar that took it before updates it by its <paramref name="Uid"/>.</summary>
/// <param name="Uid">The same for ever for the same thing; names its domain: <c>event-0190…@eventfly</c>.</param>
/// <param name="Sequence">Never falls; a higher one replaces what a calendar has.</param>
/// <param name="Stamp">When this file was made.</param>
/// <param name="StartsAt">Written as UTC.</param>
/// <param name="EndsAt">Written as UTC.</param>
/// <param name="Summary">The title.</param>
/// <param name="Cancelled">Calendars strike it through.</param>
public sealed record CalendarEntry(
    string Uid, long Sequence, DateTimeOffset Stamp, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Summary, bool Cancelled)
{
    /// <summary>Media type of the file.</summary>
    public const string MediaType = "text/calendar; charset=utf-8";

    private const int LongestLine = 75;

    /// <summary>More about it, several lines allowed.</summary>
    public string? Description { get; init; }

    /// <summary>Where.</summary>
    public string? Location { get; init; }

    /// <summary>Degrees; both or neither.</summary>
    public (double Latitude, double Longitude)? Geo { get; init; }

    /// <summary>The file's text: CRLF at line ends, no line longer than 75 octets.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        Write(text, "BEGIN:VCALENDAR");
        Write(text, "VERSION:2.0");
        Write(text, "PRODID:-//EventFly//EventFly//EN");
        Write(text, "CALSCALE:GREGORIAN");
        Write(text, "BEGIN:VEVENT");
        Write(text, $"UID:{Uid}");
        Write(text, string.Create(CultureInfo.InvariantCulture, $"SEQUENCE:{Math.Clamp(Sequence, 0, int.MaxValue)}"));
        Write(text, $"DTSTAMP:{Utc(Stamp)}");
        Write(text, $"DTSTART:{Utc(StartsAt)}");
        Write(text, $"DTEND:{Utc(EndsAt)}");
        Write(text, $"SUMMARY:{Escape(Summary)}");
        if (Description is { Length: > 0 })
        {
            Write(text, $"DESCRIPTION:{Escape(Description)}");
        }

        if (Location is { Length: > 0 })
        {
            Write(text, $"LOCATION:{Escape(Location)}");
        }

        if (Geo is { } geo)
        {
            Write(text, string.Create(CultureInfo.InvariantCulture, $"GEO:{geo.Latitude:0.######};{geo.Longitude:0.######}"));
        }

        Write(text, Cancelled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
        Write(text, "END:VEVENT");
        Write(text, "END:VCALENDAR");
        return text.ToString();
    }

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A TEXT value (RFC 5545, 3.3.11): what would end a line or a value is escaped, other control characters are left out.</summary>
    private static string Escape(string value)
    {
        var escaped = new StringBuilder(value.Length + 8);
        foreach (var character in value.ReplaceLineEndings("\n"))
        {
            _ = character switch
            {
                '\n' => escaped.Append("\\n"),
                '\\' or ';' or ',' => escaped.Append('\\').Append(character),
                _ when char.IsControl(character) && character != '\t' => escaped,
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Folds by octets (3.1) and never in the middle of a character.</summary>
    private static void Write(StringBuilder text, string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > LongestLine)
            {
                text.Append("\r\n ");
                octets = 1;
            }

            text.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        text.Append("\r\n");
    }
}
