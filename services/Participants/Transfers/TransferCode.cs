using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EventFly.Participants.Transfers;

/// <summary>The secret that goes from one holder to the next: 32 random bytes in base64url. Only its hash is kept.</summary>
internal static class TransferCode
{
    public const int Longest = 200;

    public static string Make() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code.Trim())));
}
