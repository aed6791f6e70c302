using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace EventFly.Auth.ApiKeys;

/// <summary>
/// What a program sends: <c>efk_&lt;id&gt;_&lt;secret&gt;</c>. The id finds the key and is no secret. The secret is 256 random bits, so one round of
/// SHA-256 keeps it: there is nothing to guess that a slow hash would protect.
/// </summary>
internal sealed record ApiKeySecret(Guid Id, byte[] Secret)
{
    private const string Beginning = "efk_";
    private const int IdLength = 32;
    private const int SecretBytes = 32;

    private static readonly int SecretLength = Base64Url.GetEncodedLength(SecretBytes);

    /// <summary>What is stored of the secret.</summary>
    public byte[] Hash => SHA256.HashData(Secret);

    public static ApiKeySecret New(Guid id) => new(id, RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The part that may be shown at any time.</summary>
    public static string PrefixOf(Guid id) => $"{Beginning}{id:N}";

    public string Write() => $"{PrefixOf(Id)}_{Base64Url.EncodeToString(Secret)}";

    public static bool TryRead(string written, [NotNullWhen(true)] out ApiKeySecret? key)
    {
        key = null;
        var secret = new byte[SecretBytes];
        if (written.Length != Beginning.Length + IdLength + 1 + SecretLength
            || !written.StartsWith(Beginning, StringComparison.Ordinal)
            || written[Beginning.Length + IdLength] != '_'
            || !Guid.TryParseExact(written.AsSpan(Beginning.Length, IdLength), "N", out var id)
            || !Base64Url.TryDecodeFromChars(written.AsSpan(Beginning.Length + IdLength + 1), secret, out var length)
            || length != SecretBytes)
        {
            return false;
        }

        key = new ApiKeySecret(id, secret);
        return true;
    }
}
