using System.Security.Cryptography;

namespace EventFly.BuildingBlocks.Secrets;

/// <summary>A key of 32 bytes: a file that only its owner may read, or base64 from the configuration.</summary>
public static class KeyFile
{
    /// <summary>Length of every key, in bytes.</summary>
    public const int KeyBytes = 32;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the file with a random key unless it is there. Whole or not at all; of several that make it at once, the first one's key is the one.</summary>
    /// <param name="path">Its folder is made too.</param>
    /// <returns>Whether the file is new.</returns>
    public static bool Make(string path)
    {
        if (File.Exists(path))
        {
            return false;
        }

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
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
            return false;
        }
    }

    /// <summary>The key in the file.</summary>
    /// <exception cref="InvalidOperationException">The file is missing, cannot be read or holds no key; the sentence names it.</exception>
    public static byte[] Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The key file {path} cannot be read: {failed.Message}", failed);
        }

        return bytes.Length == KeyBytes ? bytes : throw new InvalidOperationException($"The key file {path} must hold {KeyBytes} bytes; it holds {bytes.Length}.");
    }

    /// <summary>Whether others than the owner may read or write the file. Never on Windows, where folders say that.</summary>
    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0;

    /// <summary>The key in a setting.</summary>
    /// <param name="setting">The setting's name, for the sentence.</param>
    /// <param name="base64">Its value.</param>
    /// <exception cref="InvalidOperationException">Not 32 bytes in base64.</exception>
    public static byte[] FromBase64(string setting, string base64)
    {
        var bytes = new byte[KeyBytes];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length == KeyBytes
            ? bytes
            : throw new InvalidOperationException($"{setting} must be {KeyBytes} bytes in base64.");
    }
}
