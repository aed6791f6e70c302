using System.Buffers.Binary;
using System.Numerics;

namespace System.IO.Hashing;

/// <summary>
/// XXH64, the part of the package System.IO.Hashing that YARP calls. This project stands in for that package on feeds that lack it:
/// remove the project reference, and the package takes its place.
/// </summary>
/// <remarks>https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md</remarks>
public static class XxHash64
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;
    private const int Stripe = 32;

    /// <summary>The hash in big-endian bytes.</summary>
    public static byte[] Hash(byte[] source) => Hash(source, 0);

    /// <summary>The hash in big-endian bytes.</summary>
    public static byte[] Hash(byte[] source, long seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Hash(new ReadOnlySpan<byte>(source), seed);
    }

    /// <summary>The hash in big-endian bytes.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> source, long seed = 0)
    {
        var hash = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(hash, HashToUInt64(source, seed));
        return hash;
    }

    /// <summary>The hash as a number.</summary>
    public static ulong HashToUInt64(ReadOnlySpan<byte> source, long seed = 0)
    {
        unchecked
        {
            var start = (ulong)seed;
            var length = (ulong)source.Length;
            ulong hash;
            if (source.Length >= Stripe)
            {
                var (a, b, c, d) = (start + Prime1 + Prime2, start + Prime2, start, start - Prime1);
                for (; source.Length >= Stripe; source = source[Stripe..])
                {
                    a = Round(a, Word(source));
                    b = Round(b, Word(source[8..]));
                    c = Round(c, Word(source[16..]));
                    d = Round(d, Word(source[24..]));
                }

                hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
                hash = Merge(Merge(Merge(Merge(hash, a), b), c), d);
            }
            else
            {
                hash = start + Prime5;
            }

            hash += length;
            for (; source.Length >= 8; source = source[8..])
            {
                hash = (BitOperations.RotateLeft(hash ^ Round(0, Word(source)), 27) * Prime1) + Prime4;
            }

            if (source.Length >= 4)
            {
                hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(source) * Prime1), 23) * Prime2) + Prime3;
                source = source[4..];
            }

            foreach (var last in source)
            {
                hash = BitOperations.RotateLeft(hash ^ (last * Prime5), 11) * Prime1;
            }

            hash = (hash ^ (hash >> 33)) * Prime2;
            hash = (hash ^ (hash >> 29)) * Prime3;
            return hash ^ (hash >> 32);
        }
    }

    private static ulong Word(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadUInt64LittleEndian(source);

    private static ulong Round(ulong lane, ulong word) => unchecked(BitOperations.RotateLeft(lane + (word * Prime2), 31) * Prime1);

    private static ulong Merge(ulong hash, ulong lane) => unchecked(((hash ^ Round(0, lane)) * Prime1) + Prime4);
}
