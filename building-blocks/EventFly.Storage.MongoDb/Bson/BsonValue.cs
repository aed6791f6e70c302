using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace EventFly.Storage.MongoDb.Bson;

/// <summary>A value over its bytes.</summary>
internal readonly struct BsonValue(BsonType type, ReadOnlyMemory<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public BsonType Type => type;

    public ReadOnlyMemory<byte> Bytes => bytes;

    public bool IsNumber => type is BsonType.Int32 or BsonType.Int64 or BsonType.Double;

    /// <summary>How many bytes the value at the beginning of these takes; negative when they cannot say. Answers for a type that is none with an exception.</summary>
    public static int LengthOf(BsonType type, ReadOnlySpan<byte> from) => type switch
    {
        BsonType.Null or BsonType.Undefined or BsonType.MinKey or BsonType.MaxKey => 0,
        BsonType.Boolean => 1,
        BsonType.Int32 => 4,
        BsonType.Double or BsonType.Date or BsonType.Timestamp or BsonType.Int64 => 8,
        BsonType.ObjectId => 12,
        BsonType.Decimal128 => 16,
        BsonType.String or BsonType.Code or BsonType.Symbol => Announced(from, 1, 4),
        BsonType.Document or BsonType.Array => Announced(from, BsonDocument.Smallest, 0),
        BsonType.ScopedCode => Announced(from, 14, 0),
        BsonType.Binary => Announced(from, 0, 5),
        BsonType.Pointer => Announced(from, 1, 16),
        BsonType.Regex => RegexLength(from),
        _ => throw new BsonException($"{(byte)type:x2} is no type."),
    };

    public double AsDouble() => type switch
    {
        BsonType.Double => BitConverter.Int64BitsToDouble(Bits()),
        BsonType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes.Span),
        BsonType.Int64 => Bits(),
        _ => throw Wrong("number"),
    };

    public long AsInt64() => type switch
    {
        BsonType.Int64 => Bits(),
        BsonType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes.Span),
        BsonType.Double when BitConverter.Int64BitsToDouble(Bits()) is var number && number == Math.Floor(number) && Math.Abs(number) < 9e15 => (long)number,
        _ => throw Wrong("integer"),
    };

    public bool AsBoolean() => type is BsonType.Boolean ? bytes.Span[0] != 0 : throw Wrong("boolean");

    public string AsString()
    {
        try
        {
            return Strict.GetString(AsUtf8().Span);
        }
        catch (DecoderFallbackException)
        {
            throw new BsonException("A text is no UTF-8.");
        }
    }

    /// <summary>The bytes of a text, as they were stored.</summary>
    public ReadOnlyMemory<byte> AsUtf8()
    {
        if (type is not (BsonType.String or BsonType.Symbol or BsonType.Code))
        {
            throw Wrong("text");
        }

        return bytes.Span[^1] == 0 ? bytes[4..^1] : throw new BsonException("A text has no end.");
    }

    public DateTimeOffset AsTime()
    {
        if (type is not BsonType.Date)
        {
            throw Wrong("date");
        }

        try
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(Bits());
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new BsonException("A date lies outside of the years 1 to 9999.");
        }
    }

    public Guid AsGuid() => type is BsonType.Binary && bytes.Length == 21 && bytes.Span[4] == 4 ? new Guid(bytes.Span[5..], bigEndian: true) : throw Wrong("UUID");

    public ReadOnlyMemory<byte> AsBinary() => type is BsonType.Binary ? bytes[5..] : throw Wrong("binary");

    public decimal AsDecimal() => type is BsonType.Decimal128
        ? Decimal128.ToDecimal(BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span), BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[8..]))
        : throw Wrong("decimal");

    public BsonDocument AsDocument() => type is BsonType.Document or BsonType.Array ? new BsonDocument(bytes) : throw Wrong("document");

    /// <summary>What a declared field held.</summary>
    public object? AsObject() => type switch
    {
        BsonType.Null or BsonType.Undefined => null,
        BsonType.String => AsString(),
        BsonType.Boolean => AsBoolean(),
        BsonType.Int32 or BsonType.Int64 => AsInt64(),
        BsonType.Double => AsDouble(),
        BsonType.Date => AsTime(),
        BsonType.Decimal128 => AsDecimal(),
        BsonType.Binary when bytes.Length == 21 && bytes.Span[4] == 4 => AsGuid(),
        _ => throw Wrong("plain value"),
    };

    public void Check(int depth)
    {
        var span = bytes.Span;
        switch (type)
        {
            case BsonType.Document or BsonType.Array:
                AsDocument().Check(depth + 1);
                break;
            case BsonType.String or BsonType.Symbol or BsonType.Code:
                CheckText(AsUtf8().Span);
                break;
            case BsonType.Boolean when span[0] > 1:
                throw new BsonException("A boolean is neither true nor false.");
            case BsonType.Binary when span[4] == 2 && (span.Length < 9 || BinaryPrimitives.ReadInt32LittleEndian(span[5..]) != span.Length - 9):
                throw new BsonException("The length in an old binary is wrong.");
            case BsonType.Pointer:
                CheckText(bytes.Span[^13] == 0 ? span[4..^13] : throw new BsonException("A text has no end."));
                break;
            case BsonType.Regex:
                CheckText(span);
                break;
            case BsonType.ScopedCode:
                var text = LengthOf(BsonType.Code, span[4..]);
                if (text < 0 || text > span.Length - 4 - BsonDocument.Smallest)
                {
                    throw new BsonException("Code is longer than its value.");
                }

                CheckText(new BsonValue(BsonType.Code, bytes.Slice(4, text)).AsUtf8().Span);
                new BsonDocument(bytes[(4 + text)..]).Check(depth + 1);
                break;
        }
    }

    private static void CheckText(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            throw new BsonException("A text is no UTF-8.");
        }
    }

    private static int Announced(ReadOnlySpan<byte> from, int atLeast, int beside)
    {
        if (from.Length < 4)
        {
            return -1;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(from);
        return length < atLeast || length > int.MaxValue - beside ? -1 : length + beside;
    }

    private static int RegexLength(ReadOnlySpan<byte> from)
    {
        var pattern = from.IndexOf((byte)0);
        var options = pattern < 0 ? -1 : from[(pattern + 1)..].IndexOf((byte)0);
        return options < 0 ? -1 : pattern + options + 2;
    }

    private long Bits() => BinaryPrimitives.ReadInt64LittleEndian(bytes.Span);

    private BsonException Wrong(string wanted) => new($"A {type} is no {wanted}.");
}
