using System.Security.Cryptography;

namespace EventFly.BuildingBlocks.Secrets;

/// <summary>
/// Bytes that only the holder of a key can read, and that nobody can change or put in another's place: AES-256-GCM with a random nonce, bound to what they
/// belong to. Stored as nonce, tag, hidden bytes.
/// </summary>
public static class SealedBytes
{
    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    /// <summary>How many bytes longer than the secret the sealed bytes are.</summary>
    public static int Overhead => NonceBytes + TagBytes;

    /// <summary>Seals a secret.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="secret">What is hidden.</param>
    /// <param name="boundTo">What it belongs to; it must be said again to open it.</param>
    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> boundTo)
    {
        var sealedBytes = new byte[NonceBytes + TagBytes + secret.Length];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, secret, sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes), boundTo);
        return sealedBytes;
    }

    /// <summary>The secret; null when it was sealed with another key, belongs to something else or was changed.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="sealedBytes">From <see cref="Seal"/>.</param>
    /// <param name="boundTo">As it was given to <see cref="Seal"/>.</param>
    public static byte[]? Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> boundTo)
    {
        if (sealedBytes.Length < NonceBytes + TagBytes)
        {
            return null;
        }

        var secret = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(sealedBytes[..NonceBytes], sealedBytes[(NonceBytes + TagBytes)..], sealedBytes.Slice(NonceBytes, TagBytes), secret, boundTo);
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
