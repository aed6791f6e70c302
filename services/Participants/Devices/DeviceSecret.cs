using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace EventFly.Participants.Devices;

/// <summary>What a device is known by, and what it gets that for.</summary>
internal static class DeviceSecret
{
    // No letter that is taken for a digit or another letter.
    private const string Letters = "ABCDEFGHJKMNPQRSTVWXYZ23456789";

    private const int SecretBytes = 32;

    /// <summary>Twelve letters in three groups, read out or typed in.</summary>
    public static string NewPairingCode()
    {
        var letters = RandomNumberGenerator.GetString(Letters, 12);
        return $"{letters[..4]}-{letters[4..8]}-{letters[8..]}";
    }

    /// <summary><c>&lt;device id&gt;.&lt;secret&gt;</c>.</summary>
    public static string NewToken(Guid deviceId) => $"{deviceId:N}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";

    public static bool TryReadToken(string token, out Guid deviceId, [NotNullWhen(true)] out string? hash)
    {
        (deviceId, hash) = (default, null);
        if (token.Length != 33 + Base64Url.GetEncodedLength(SecretBytes) || token[32] != '.' || !Guid.TryParseExact(token[..32], "N", out deviceId))
        {
            return false;
        }

        hash = HashOf(token);
        return true;
    }

    public static string HashOfPairingCode(string typed) =>
        HashOf(string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant());

    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static bool AreEqual(string? kept, string shown) =>
        kept is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(kept), Encoding.ASCII.GetBytes(shown));
}
