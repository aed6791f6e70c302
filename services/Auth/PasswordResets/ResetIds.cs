using System.Security.Cryptography;
using System.Text;
using EventFly.Auth.Secrets;

namespace EventFly.Auth.PasswordResets;

/// <summary>Names what was asked for under an address without keeping the address, which may be anybody's.</summary>
internal sealed class ResetIds(KeyProtection protection)
{
    private readonly Lazy<byte[]> key = new(() => protection.Derive("password-resets"));

    public string Of(string email) => Convert.ToHexStringLower(HMACSHA256.HashData(key.Value, Encoding.UTF8.GetBytes(email)));
}
