using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace EventFly.Auth.Secrets;

/// <summary>
/// Encrypts secrets for the database (AES-256-GCM, bound to whose they are): private keys, the secrets of second factors. The key for that comes from the configuration, or from a file
/// that only this user may read: so a copy of the database alone signs nothing.
/// </summary>
internal sealed partial class KeyProtection(IOptions<KeyProtectionOptions> options, IConfiguration configuration, ILogger<KeyProtection> log)
{
    private const int KeyBytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly int NonceBytes = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;

    private readonly Lazy<byte[]> key = new(() => options.Value.EncryptionKey is { Length: > 0 } given
        ? FromConfiguration(given)
        : FromFile(options.Value.EncryptionKeyFile ?? BesideTheDatabase(configuration.GetConnectionString("auth-db")), log));

    public byte[] Seal(byte[] secret, string kid)
    {
        var sealedSecret = new byte[NonceBytes + TagBytes + secret.Length];
        var nonce = sealedSecret.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key.Value, TagBytes);
        aes.Encrypt(nonce, secret, sealedSecret.AsSpan(NonceBytes + TagBytes), sealedSecret.AsSpan(NonceBytes, TagBytes), Encoding.ASCII.GetBytes(kid));
        return sealedSecret;
    }

    /// <summary>The secret, or null when it was sealed with another key.</summary>
    public byte[]? Open(byte[] sealedSecret, string kid)
    {
        var secret = new byte[sealedSecret.Length - NonceBytes - TagBytes];
        var (nonce, tag, hidden) = (
            sealedSecret.AsMemory(0, NonceBytes), sealedSecret.AsMemory(NonceBytes, TagBytes), sealedSecret.AsMemory(NonceBytes + TagBytes));
        using var aes = new AesGcm(key.Value, TagBytes);
        try
        {
            aes.Decrypt(nonce.Span, hidden.Span, tag.Span, secret, Encoding.ASCII.GetBytes(kid));
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>A key for another purpose (32 bytes); the one does not give the other away.</summary>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Value, KeyBytes, info: Encoding.ASCII.GetBytes(purpose));

    private static byte[] FromConfiguration(string given)
    {
        var bytes = new byte[KeyBytes];
        return Convert.TryFromBase64String(given, bytes, out var length) && length == KeyBytes
            ? bytes
            : throw new InvalidOperationException($"SigningKeys:EncryptionKey must be {KeyBytes} bytes in base64.");
    }

    private static string BesideTheDatabase(string? connectionString) =>
        connectionString?.Split(':', 2) is ["sqlite", var path] && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder
            ? Path.Combine(folder, "auth-signing.key")
            : throw new InvalidOperationException("Set SigningKeys:EncryptionKey: without it the key is a file beside the database, and auth-db is no file.");

    private static byte[] FromFile(string path, ILogger log)
    {
        if (!File.Exists(path))
        {
            Make(path);
            LogMade(log, path);
        }
        else if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            LogOpen(log, path);
        }

        var bytes = File.ReadAllBytes(path);
        return bytes.Length == KeyBytes ? bytes : throw new InvalidOperationException($"The key file {path} must hold {KeyBytes} bytes; it holds {bytes.Length}.");
    }

    private static void Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var draft = $"{path}.{Guid.CreateVersion7():N}";
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            create.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(draft, create))
        {
            file.Write(RandomNumberGenerator.GetBytes(KeyBytes));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft); // Another replica was faster: its key is the one.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The key that encrypts the signing keys was made: {Path}. Keep it with the backups of auth-db, but not beside them.")]
    private static partial void LogMade(ILogger log, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Others may read {Path}. Take that away: chmod 600.")]
    private static partial void LogOpen(ILogger log, string path);
}
