using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace EventFly.Storage.MongoDb.Bson;

/// <summary>Writes BSON into a buffer that grows. Documents and arrays are begun and ended; array elements get their index as name by themselves.</summary>
internal sealed class BsonWriter
{
    private const int DeepestNesting = 100;

    private readonly (int Start, int Index)[] open = new (int, int)[DeepestNesting];
    private byte[] buffer;
    private int depth;

    public BsonWriter(int capacity = 256) => buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, Length);

    /// <summary>One document, written by the given steps.</summary>
    public static BsonDocument Build(Action<BsonWriter> steps)
    {
        var writer = new BsonWriter();
        writer.Begin();
        steps(writer);
        writer.End();
        return writer.ToDocument();
    }

    public BsonDocument ToDocument() =>
        depth == 0 ? new BsonDocument(Written.ToArray()) : throw new InvalidOperationException("A document is still open.");

    public void Clear() => (Length, depth) = (0, 0);

    /// <summary>A document that stands for itself.</summary>
    public void Begin() => Open(isArray: false);

    public void BeginDocument(string name)
    {
        Element(BsonType.Document, name);
        Open(isArray: false);
    }

    /// <summary>A document as the next element of an array.</summary>
    public void BeginDocument()
    {
        NextElement(BsonType.Document);
        Open(isArray: false);
    }

    public void BeginArray(string name)
    {
        Element(BsonType.Array, name);
        Open(isArray: true);
    }

    public void BeginArray()
    {
        NextElement(BsonType.Array);
        Open(isArray: true);
    }

    public void End()
    {
        var at = Grow(1);
        buffer[at] = 0;
        var start = open[--depth].Start;
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(start), Length - start);
    }

    public void Value(string name, object? value)
    {
        switch (value)
        {
            case null: Null(name); break;
            case string text: Value(name, text); break;
            case bool boolean: Value(name, boolean); break;
            case int integer: Value(name, integer); break;
            case long integer: Value(name, integer); break;
            case double number: Value(name, number); break;
            case decimal number: Value(name, number); break;
            case DateTimeOffset time: Value(name, time); break;
            case Guid guid: Value(name, guid); break;
            case BsonDocument document: Value(name, document); break;
            default: throw new ArgumentException($"{value.GetType().Name} is no value that is stored.", nameof(value));
        }
    }

    /// <summary>The next element of an array.</summary>
    public void Value(object? value) => Value(NextName(), value);

    public void Value(string name, string value)
    {
        Element(BsonType.String, name);
        Text(value);
    }

    /// <summary>Text that is UTF-8 already.</summary>
    public void Utf8(string name, ReadOnlySpan<byte> value)
    {
        Element(BsonType.String, name);
        var at = Grow(4 + value.Length + 1);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(at), value.Length + 1);
        value.CopyTo(buffer.AsSpan(at + 4));
        buffer[at + 4 + value.Length] = 0;
    }

    public void Value(string name, int value)
    {
        Element(BsonType.Int32, name);
        BinaryPrimitives.WriteInt32LittleEndian(Space(4), value);
    }

    public void Value(string name, long value)
    {
        Element(BsonType.Int64, name);
        Bits(value);
    }

    public void Value(string name, double value)
    {
        Element(BsonType.Double, name);
        Bits(BitConverter.DoubleToInt64Bits(value));
    }

    public void Value(string name, bool value)
    {
        Element(BsonType.Boolean, name);
        var at = Grow(1);
        buffer[at] = value ? (byte)1 : (byte)0;
    }

    /// <summary>Milliseconds are kept; what is finer is cut off.</summary>
    public void Value(string name, DateTimeOffset value)
    {
        Element(BsonType.Date, name);
        Bits(value.ToUnixTimeMilliseconds());
    }

    /// <summary>Binary of subtype 4, in the order in which it is printed.</summary>
    public void Value(string name, Guid value)
    {
        Element(BsonType.Binary, name);
        var at = Grow(21);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(at), 16);
        buffer[at + 4] = 4;
        value.TryWriteBytes(buffer.AsSpan(at + 5), bigEndian: true, out _);
    }

    public void Binary(string name, ReadOnlySpan<byte> value)
    {
        Element(BsonType.Binary, name);
        var at = Grow(5 + value.Length);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(at), value.Length);
        buffer[at + 4] = 0;
        value.CopyTo(buffer.AsSpan(at + 5));
    }

    public void Value(string name, decimal value)
    {
        Element(BsonType.Decimal128, name);
        var (low, high) = Decimal128.FromDecimal(value);
        Bits((long)low);
        Bits((long)high);
    }

    public void Value(string name, BsonDocument document)
    {
        Element(BsonType.Document, name);
        Raw(document.Bytes.Span);
    }

    public void Array(string name, IEnumerable<object?> values)
    {
        BeginArray(name);
        foreach (var value in values)
        {
            Value(value);
        }

        End();
    }

    /// <summary>The next element of an array.</summary>
    public void Value(BsonDocument document)
    {
        NextElement(BsonType.Document);
        Raw(document.Bytes.Span);
    }

    public void Null(string name) => Element(BsonType.Null, name);

    /// <summary>An element as it was read.</summary>
    public void Copy(string name, BsonValue value)
    {
        Element(value.Type, name);
        Raw(value.Bytes.Span);
    }

    /// <summary>Bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Space(bytes.Length));

    /// <summary>Overwrites four bytes.</summary>
    public void Patch(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(at, 4), value);

    private void Open(bool isArray)
    {
        if (depth == DeepestNesting)
        {
            throw new BsonException($"Nested deeper than {DeepestNesting} documents.");
        }

        open[depth++] = (Length, isArray ? 0 : -1);
        Grow(4);
    }

    private string NextName()
    {
        ref var array = ref open[depth - 1];
        return array.Index < 0 ? throw new InvalidOperationException("Only elements of an array have no name.") : Index(array.Index++);
    }

    private static string Index(int index) => index < Indexes.Length ? Indexes[index] : index.ToString(CultureInfo.InvariantCulture);

    private static readonly string[] Indexes = [.. Enumerable.Range(0, 256).Select(index => index.ToString(CultureInfo.InvariantCulture))];

    private void NextElement(BsonType type) => Element(type, NextName());

    private void Element(BsonType type, string name)
    {
        if (name.Contains('\0'))
        {
            throw new BsonException("A name must not contain the character 0.");
        }

        var longest = Encoding.UTF8.GetMaxByteCount(name.Length);
        var at = Grow(1 + longest + 1);
        buffer[at] = (byte)type;
        var length = Encoding.UTF8.GetBytes(name, buffer.AsSpan(at + 1));
        buffer[at + 1 + length] = 0;
        Length = at + 1 + length + 1;
    }

    private void Text(string value)
    {
        var at = Grow(4 + Encoding.UTF8.GetMaxByteCount(value.Length) + 1);
        var length = Strict.GetBytes(value, buffer.AsSpan(at + 4));
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(at), length + 1);
        buffer[at + 4 + length] = 0;
        Length = at + 4 + length + 1;
    }

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private void Bits(long value) => BinaryPrimitives.WriteInt64LittleEndian(Space(8), value);

    private Span<byte> Space(int by)
    {
        // Growing may replace the buffer.
        var at = Grow(by);
        return buffer.AsSpan(at);
    }

    private int Grow(int by)
    {
        var at = Length;
        if (at + by > buffer.Length)
        {
            System.Array.Resize(ref buffer, Math.Max(at + by, buffer.Length * 2));
        }

        Length = at + by;
        return at;
    }
}
