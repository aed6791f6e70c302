using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EventFly.Payments.Processor;

/// <summary>
/// <c>Stripe-Signature: t=1492774577,v1=5257a8…,v1=…</c>: HMAC-SHA256 over <c>t.body</c>. While a secret is being rolled there are
/// several v1; one that fits is enough. Other schemes (v0) count for nothing.
/// </summary>
public static class StripeWebhookSignature
{
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const int MostSignatures = 10;

    /// <returns>Null when the body is Stripe's and fresh, else why not.</returns>
    public static WebhookResult.Refused? Check(ReadOnlySpan<byte> body, string? header, string secret, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(header)) return new("signature-missing", "There is no Stripe-Signature header.");

        long? at = null;
        var signatures = new List<byte[]>();
        foreach (var part in header.Split(',', StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            if (name is "t")
            {
                if (at is not null || !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return Malformed;
                at = seconds;
            }
            else if (name is "v1" && signatures.Count < MostSignatures && value.Length == HMACSHA256.HashSizeInBytes * 2)
            {
                var signature = new byte[HMACSHA256.HashSizeInBytes];
                if (Convert.FromHexString(value, signature, out _, out _) is System.Buffers.OperationStatus.Done) signatures.Add(signature);
            }
        }

        if (at is not { } time || signatures.Count == 0) return Malformed;

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        using (var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret)))
        {
            hmac.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{time}.")));
            hmac.AppendData(body);
            hmac.GetHashAndReset(expected);
        }

        var isOurs = false;
        foreach (var signature in signatures) isOurs |= CryptographicOperations.FixedTimeEquals(expected, signature);
        if (!isOurs) return new("signature-wrong", "No signature fits the body and our secret.");

        // In both directions, in doubles: a signed time far off is refused and must not overflow.
        return Math.Abs((double)time - now.ToUnixTimeSeconds()) > Tolerance.TotalSeconds
            ? new("signature-too-old", "The signature's time is more than five minutes away.")
            : null;
    }

    private static WebhookResult.Refused Malformed => new("signature-malformed", "The Stripe-Signature header has no time or no v1 signature.");
}
