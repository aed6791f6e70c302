using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EventFly.BuildingBlocks.Decisions;

/// <summary>Ids that follow from another id: whoever asks, and however often, gets the same one.</summary>
public static class DerivedId
{
    /// <summary>A UUID of version 8: its first 48 bits are those of the origin, so that ids that belong together lie together; the rest is a hash.</summary>
    /// <param name="origin">What it follows from.</param>
    /// <param name="purpose">Keeps ids that follow from the same origin apart.</param>
    /// <param name="number">The same, where there are several for one purpose.</param>
    public static Guid From(Guid origin, string purpose, int number = 0)
    {
        Span<byte> input = stackalloc byte[16 + 4 + Encoding.UTF8.GetMaxByteCount(purpose.Length)];
        origin.TryWriteBytes(input, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(input[16..], number);
        var length = 20 + Encoding.UTF8.GetBytes(purpose, input[20..]);

        Span<byte> id = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..length], id);
        input[..6].CopyTo(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id[..16], bigEndian: true);
    }
}
