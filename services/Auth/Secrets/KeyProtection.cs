using System.Security.Cryptography;
using System.Text;
using EventFly.BuildingBlocks.Secrets;
using Microsoft.Extensions.Options;

namespace EventFly.Auth.Secrets;

/// <summary>
/// Encrypts secrets for the database, bound to whose they are: private keys, the secrets of second factors. The key for that comes from the configuration, or from
/// a file that only this user may read: so a copy of the database alone signs nothing.
/// </summary>
internal sealed partial class KeyProtection(IOptions<KeyProtectionOptions> options, IConfiguration configuration, ILogger<KeyProtection> log)
{
    private readonly Lazy<byte[]> key = new(() => options.Value.EncryptionKey is { Length: > 0 } given
        ? KeyFile.FromBase64("SigningKeys:EncryptionKey", given)
        : FromFile(options.Value.EncryptionKeyFile ?? BesideTheDatabase(configuration.GetConnectionString("auth-db")), log));

    public byte[] Seal(byte[] secret, string kid) => SealedBytes.Seal(key.Value, secret, Encoding.ASCII.GetBytes(kid));

    /// <summary>The secret, or null when it was sealed with another key.</summary>
    public byte[]? Open(byte[] sealedSecret, string kid) => SealedBytes.Open(key.Value, sealedSecret, Encoding.ASCII.GetBytes(kid));

    /// <summary>A key for another purpose (32 bytes); the one does not give the other away.</summary>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Value, KeyFile.KeyBytes, info: Encoding.ASCII.GetBytes(purpose));

    private static string BesideTheDatabase(string? connectionString) =>
        connectionString?.Split(':', 2) is ["sqlite", var path] && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder
            ? Path.Combine(folder, "auth-signing.key")
            : throw new InvalidOperationException("Set SigningKeys:EncryptionKey: without it the key is a file beside the database, and auth-db is no file.");

    private static byte[] FromFile(string path, ILogger log)
    {
        if (KeyFile.Make(path))
        {
            LogMade(log, path);
        }
        else if (KeyFile.IsOpenToOthers(path))
        {
            LogOpen(log, path);
        }

        return KeyFile.Read(path);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The key that encrypts the signing keys was made: {Path}. Keep it with the backups of auth-db, but not beside them.")]
    private static partial void LogMade(ILogger log, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Others may read {Path}. Take that away: chmod 600.")]
    private static partial void LogOpen(ILogger log, string path);
}
