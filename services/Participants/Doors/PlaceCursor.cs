using System.Buffers.Binary;
using System.Buffers.Text;
using EventFly.BuildingBlocks.Documents;
using EventFly.Participants.Scans;

namespace EventFly.Participants.Doors;

/// <summary>A place in the log as a page's cursor.</summary>
internal static class PlaceCursor
{
    private const int Bytes = 24;

    public static string Write(Place place)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, place.At.UtcTicks);
        place.ScanId.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The place that a page stands before; without a cursor the end of all.</summary>
    /// <exception cref="UnreadableCursorException">It is none of ours.</exception>
    public static Place Read(string? cursor)
    {
        if (cursor is null)
        {
            return new Place(DateTimeOffset.MaxValue, Guid.AllBitsSet);
        }

        Span<byte> bytes = stackalloc byte[Bytes];
        if (cursor.Length != Base64Url.GetEncodedLength(Bytes) || !Base64Url.TryDecodeFromChars(cursor, bytes, out var written) || written != Bytes)
        {
            throw new UnreadableCursorException();
        }

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new Place(new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[8..], bigEndian: true))
            : throw new UnreadableCursorException();
    }
}
