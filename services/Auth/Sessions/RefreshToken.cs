using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace EventFly.Auth.Sessions;

/// <summary>
/// What a client keeps to stay signed in. Opaque to it; inside are the session's id, a proof that stays the same through all rotations,
/// and a secret that each rotation replaces. The proof is what makes an outdated token a stolen one: who only knows a session's id
/// cannot make up a token that would end it.
/// </summary>
internal sealed record RefreshToken(Guid Session, byte[] Proof, byte[] Secret)
{
    private const int IdBytes = 16;
    private const int ProofBytes = 16;
    private const int SecretBytes = 32;

    public string ProofHash => Hash(Proof);

    public string SecretHash => Hash(Secret);

    public static RefreshToken First(Guid session) =>
        new(session, RandomNumberGenerator.GetBytes(ProofBytes), RandomNumberGenerator.GetBytes(SecretBytes));

    public static byte[] NewSalt() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>
    /// The token that follows this one. It is computed from this one and a random salt that is stored until the next rotation, so the
    /// same refresh sent twice gets the same answer although only hashes of tokens are stored.
    /// </summary>
    public RefreshToken Next(byte[] salt) => this with { Secret = HMACSHA256.HashData(salt, Secret) };

    public string Write() => Base64Url.EncodeToString([.. Session.ToByteArray(bigEndian: true), .. Proof, .. Secret]);

    public static bool TryRead(string written, [NotNullWhen(true)] out RefreshToken? token)
    {
        Span<byte> bytes = stackalloc byte[IdBytes + ProofBytes + SecretBytes];
        token = null;
        if (written.Length != Base64Url.GetEncodedLength(bytes.Length)
            || !Base64Url.IsValid(written, out var length)
            || length != bytes.Length
            || !Base64Url.TryDecodeFromChars(written, bytes, out _))
        {
            return false;
        }

        token = new RefreshToken(
            new Guid(bytes[..IdBytes], bigEndian: true), bytes.Slice(IdBytes, ProofBytes).ToArray(), bytes[(IdBytes + ProofBytes)..].ToArray());
        return true;
    }

    private static string Hash(byte[] part) => Convert.ToHexStringLower(SHA256.HashData(part));
}
