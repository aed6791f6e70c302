using System.Buffers.Binary;
using System.Text;

namespace EventFly.BuildingBlocks.Snapshots;

/// <summary>Reads what <see cref="SnapshotWriter"/> wrote.</summary>
/// <exception cref="InvalidDataException">The bytes end too early or mean nothing.</exception>
internal sealed class SnapshotReader(ReadOnlyMemory<byte> bytes, IReadOnlyList<ReadOnlyMemory<byte>> parts)
{
    private int position;

    public bool InLeaf => parts.Count == 0;

    public ReadOnlyMemory<byte> Part(int part, int offset, int length) =>
        part > 0 && part < parts.Count && offset >= 0 && length >= 0 && offset + length <= parts[part].Length
            ? parts[part].Slice(offset, length)
            : throw Broken();

    public byte Byte() => Bytes(1)[0];

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (length < 0 || bytes.Length - position < length)
        {
            throw Broken();
        }

        position += length;
        return bytes.Span.Slice(position - length, length);
    }

    public ulong Unsigned()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Broken();
    }

    public int Count() => Unsigned() is var count && count <= int.MaxValue ? (int)count : throw Broken();

    public long Signed() => Unsigned() is var value ? (long)(value >> 1) ^ -(long)(value & 1) : 0;

    public long Fixed() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    public Guid Guid() => new(Bytes(16));

    public string Text() => Encoding.UTF8.GetString(Bytes(Count()));

    public static InvalidDataException Broken() => new("The snapshot is damaged.");
}
