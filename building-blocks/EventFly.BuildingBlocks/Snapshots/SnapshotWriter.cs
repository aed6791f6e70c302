using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace EventFly.BuildingBlocks.Snapshots;

/// <summary>Bytes on their way into a snapshot. The first part holds the state itself, the others the leaves of its big maps.</summary>
internal sealed class SnapshotWriter
{
    /// <summary>A store takes a part in one piece; small enough to let other writes pass in between.</summary>
    public const int PartBytes = 256 * 1024;

    private readonly ArrayBufferWriter<byte> main = new(64 * 1024);
    private readonly List<ReadOnlyMemory<byte>> full = [];
    private ArrayBufferWriter<byte> leaves = new(PartBytes);
    private ArrayBufferWriter<byte> target;

    public SnapshotWriter() => target = main;

    /// <summary>Whether the bytes of a leaf are being written: a map in there stays in there.</summary>
    public bool InLeaf => target != main;

    public IReadOnlyList<ReadOnlyMemory<byte>> Finish() => [main.WrittenMemory, .. full, leaves.WrittenMemory];

    /// <summary>Puts a leaf aside and answers where it is.</summary>
    public (int Part, int Offset, int Length) Leaf<T>(T leaf, Action<SnapshotWriter, T> write)
    {
        if (leaves.WrittenCount >= PartBytes)
        {
            full.Add(leaves.WrittenMemory);
            leaves = new ArrayBufferWriter<byte>(PartBytes);
        }

        var offset = leaves.WrittenCount;
        target = leaves;
        write(this, leaf);
        target = main;
        return (full.Count + 1, offset, leaves.WrittenCount - offset);
    }

    public void Byte(byte value)
    {
        target.GetSpan(1)[0] = value;
        target.Advance(1);
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => target.Write(bytes);

    public void Number(ulong value)
    {
        var span = target.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        target.Advance(length);
    }

    public void Number(long value) => Number((ulong)((value << 1) ^ (value >> 63)));

    public void Fixed(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target.GetSpan(8), value);
        target.Advance(8);
    }

    public void Guid(Guid value)
    {
        value.TryWriteBytes(target.GetSpan(16));
        target.Advance(16);
    }

    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Number((ulong)length);
        Encoding.UTF8.GetBytes(value, target.GetSpan(length));
        target.Advance(length);
    }
}
