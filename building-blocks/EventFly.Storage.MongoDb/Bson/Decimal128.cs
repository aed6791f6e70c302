using System.Numerics;

namespace EventFly.Storage.MongoDb.Bson;

/// <summary>IEEE 754-2008 decimal128 with a binary coefficient, as BSON stores it, to and from <see cref="decimal"/>. Never through a double.</summary>
internal static class Decimal128
{
    private const int Bias = 6176;

    public static (ulong Low, ulong High) FromDecimal(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var scale = (parts[3] >> 16) & 0xFF;
        var low = (uint)parts[0] | ((ulong)(uint)parts[1] << 32);
        // 96 bits of coefficient leave the upper 17 of the 113 empty.
        var high = (ulong)(uint)parts[2] | ((ulong)(Bias - scale) << 49) | (parts[3] < 0 ? 1UL << 63 : 0);
        return (low, high);
    }

    /// <exception cref="BsonException">Infinite, not a number, or more digits than a <see cref="decimal"/> has.</exception>
    public static decimal ToDecimal(ulong low, ulong high)
    {
        if ((high >> 58 & 0b11110) == 0b11110)
        {
            throw new BsonException("A decimal is infinite or not a number.");
        }

        // A coefficient that begins with the bits 11 would have more than 34 digits: by the standard it counts as zero.
        var isLarge = (high >> 61 & 0b11) == 0b11;
        var exponent = (int)((isLarge ? high >> 47 : high >> 49) & 0x3FFF) - Bias;
        var coefficient = isLarge ? BigInteger.Zero : ((BigInteger)(high & 0x1FFFFFFFFFFFF) << 64) | low;
        if (coefficient > BigInteger.Pow(10, 34) - 1)
        {
            coefficient = 0;
        }

        while (exponent < -28 && (coefficient % 10).IsZero && !coefficient.IsZero)
        {
            coefficient /= 10;
            exponent++;
        }

        if (coefficient.IsZero)
        {
            exponent = Math.Clamp(exponent, -28, 0);
        }

        if (exponent > 0)
        {
            coefficient *= exponent <= 28 ? BigInteger.Pow(10, exponent) : throw TooLarge();
            exponent = 0;
        }

        return exponent >= -28 && coefficient <= new BigInteger(decimal.MaxValue)
            ? new decimal(
                (int)(uint)(coefficient & uint.MaxValue),
                (int)(uint)(coefficient >> 32 & uint.MaxValue),
                (int)(uint)(coefficient >> 64),
                high >> 63 == 1,
                (byte)-exponent)
            : throw TooLarge();
    }

    private static BsonException TooLarge() => new("A decimal has more digits than fit here.");
}
