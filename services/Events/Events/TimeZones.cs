using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace EventFly.Events.Events;

/// <summary>
/// Names of time zones as IANA lists them. They come with the service (TimeZones.txt), because a small machine has no time zone data of its own;
/// what is newer than that list is known where the machine knows it.
/// </summary>
internal static partial class TimeZones
{
    private static readonly FrozenSet<string> Names = Read();

    public static bool Exists(string name) => Names.Contains(name) || (Shape().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _));

    private static FrozenSet<string> Read()
    {
        using var stream = typeof(TimeZones).Assembly.GetManifestResourceStream("TimeZones.txt")
            ?? throw new InvalidOperationException("TimeZones.txt was not built into the service.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }

    // The machine looks names up as files: nothing but a name may reach it.
    [GeneratedRegex("^[A-Z][A-Za-z0-9_+-]{1,30}(/[A-Za-z0-9_+-]{1,30}){0,2}$", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
