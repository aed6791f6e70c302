using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EventFly.BuildingBlocks.Mail;

/// <summary>
/// One spelling per address: trimmed, lower case, the domain in its ASCII form. The part before the @ must be ASCII, because letters with
/// accents have several encodings that look the same, and two accounts for one address would follow.
/// </summary>
public static class EmailAddress
{
    /// <summary>In characters, as mail servers take it.</summary>
    public const int MaxLength = 254;

    private const int MaxLocalPart = 64;

    private const string AllowedBesideLetters = "!#$%&'*+-/=?^_`{|}~.";

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>The one spelling of what somebody wrote; false when no mail can be sent to it.</summary>
    public static bool TryNormalize(string written, [NotNullWhen(true)] out string? email)
    {
        email = null;
        var trimmed = written.Trim().ToLowerInvariant();
        var at = trimmed.LastIndexOf('@');
        if (at is < 1 or > MaxLocalPart || !IsLocalPart(trimmed.AsSpan(0, at)) || Domain(trimmed[(at + 1)..]) is not { } domain)
        {
            return false;
        }

        var whole = $"{trimmed[..at]}@{domain}";
        email = whole.Length <= MaxLength ? whole : null;
        return email is not null;
    }

    private static bool IsLocalPart(ReadOnlySpan<char> local)
    {
        foreach (var character in local)
        {
            if (!char.IsAsciiLetterOrDigit(character) && !AllowedBesideLetters.Contains(character))
            {
                return false;
            }
        }

        return local[0] != '.' && local[^1] != '.' && local.IndexOf("..") < 0;
    }

    private static string? Domain(string domain)
    {
        try
        {
            var ascii = Idn.GetAscii(domain);
            return ascii.Contains('.') && !ascii.EndsWith('.') ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null; // Its way of saying that it is no domain.
        }
    }
}
