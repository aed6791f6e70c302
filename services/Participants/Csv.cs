using System.Globalization;
using System.Text;

namespace EventFly.Participants;

/// <summary>
/// Rows as RFC 4180 wants them, for people's spreadsheets: UTF-8 with a byte order mark, CRLF, and no cell that a spreadsheet would take for a formula.
/// </summary>
internal sealed class Csv(Stream to) : IAsyncDisposable
{
    public const string MediaType = "text/csv; charset=utf-8; header=present";

    private readonly StreamWriter writer = new(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 16_384, leaveOpen: true) { NewLine = "\r\n" };

    public async Task Row(IEnumerable<string?> cells, CancellationToken cancellationToken) =>
        await writer.WriteLineAsync(string.Join(',', cells.Select(Cell)).AsMemory(), cancellationToken);

    public static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync() => writer.DisposeAsync();

    /// <summary>A leading apostrophe makes a spreadsheet show a would-be formula as what it is: text.</summary>
    private static string Cell(string? value)
    {
        var text = value ?? "";
        if (text.Length > 0 && text.TrimStart(' ', '\u00a0') is var seen && (seen.Length > 0 ? seen[0] : text[0]) is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n')
        {
            text = "'" + text;
        }

        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
