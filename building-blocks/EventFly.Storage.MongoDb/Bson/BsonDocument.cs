using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace EventFly.Storage.MongoDb.Bson;

/// <summary>
/// A document over its bytes; nothing is copied. Every length is checked against what is there before it is followed, so damaged bytes end in a
/// <see cref="BsonException"/>.
/// </summary>
internal readonly struct BsonDocument
{
    public const int Smallest = 5;

    private static readonly byte[] Nothing = [5, 0, 0, 0, 0];

    private readonly ReadOnlyMemory<byte> bytes;

    public BsonDocument(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < Smallest || BinaryPrimitives.ReadInt32LittleEndian(bytes.Span) != bytes.Length || bytes.Span[^1] != 0)
        {
            throw new BsonException("The length of a document is wrong.");
        }

        this.bytes = bytes;
    }

    public static BsonDocument Empty { get; } = new(Nothing);

    public ReadOnlyMemory<byte> Bytes => bytes.IsEmpty ? Nothing : bytes;

    public BsonValue this[string name] => Find(name) ?? throw new BsonException($"There is no element {name}.");

    public Enumerator GetEnumerator() => new(Bytes);

    public BsonValue? Find(string name)
    {
        Span<byte> wanted = stackalloc byte[256];
        wanted = Encoding.UTF8.TryGetBytes(name, wanted, out var length) ? wanted[..length] : Encoding.UTF8.GetBytes(name);
        var elements = GetEnumerator();
        while (elements.MoveNext())
        {
            if (elements.Name.SequenceEqual(wanted))
            {
                return elements.Value;
            }
        }

        return null;
    }

    public long Integer(string name, long otherwise = 0) => Find(name) is { IsNumber: true } value ? value.AsInt64() : otherwise;

    public string? Text(string name) => Find(name) is { Type: BsonType.String } value ? value.AsString() : null;

    public bool Flag(string name) => Find(name) switch
    {
        { Type: BsonType.Boolean } value => value.AsBoolean(),
        { IsNumber: true } value => value.AsDouble() != 0,
        _ => false,
    };

    public BsonDocument? Document(string name) => Find(name) is { Type: BsonType.Document or BsonType.Array } value ? value.AsDocument() : null;

    /// <summary>The documents of an array; empty when there is none.</summary>
    public IEnumerable<BsonDocument> Documents(string name)
    {
        if (Document(name) is not { } array)
        {
            yield break;
        }

        var elements = array.GetEnumerator();
        while (elements.MoveNext())
        {
            yield return elements.Value.AsDocument();
        }
    }

    public IEnumerable<string> Texts(string name)
    {
        if (Document(name) is not { } array)
        {
            yield break;
        }

        var elements = array.GetEnumerator();
        while (elements.MoveNext())
        {
            yield return elements.Value.AsString();
        }
    }

    /// <summary>Follows everything in it.</summary>
    public void Check(int depth = 0)
    {
        if (depth > 100)
        {
            throw new BsonException("Nested too deep.");
        }

        var elements = GetEnumerator();
        while (elements.MoveNext())
        {
            if (!Utf8.IsValid(elements.Name))
            {
                throw new BsonException("A name is no UTF-8.");
            }

            elements.Value.Check(depth);
        }
    }

    /// <summary>Goes from element to element.</summary>
    public struct Enumerator
    {
        private readonly ReadOnlyMemory<byte> bytes;
        private int at;
        private int nameAt;
        private int nameLength;

        public Enumerator(ReadOnlyMemory<byte> document)
        {
            bytes = document;
            at = 4;
        }

        public readonly ReadOnlySpan<byte> Name => bytes.Span.Slice(nameAt, nameLength);

        public readonly string NameText => Encoding.UTF8.GetString(Name);

        public BsonValue Value { get; private set; }

        public readonly BsonElement Current => new(NameText, Value);

        public bool MoveNext()
        {
            var span = bytes.Span;
            if (at >= span.Length)
            {
                throw new BsonException("A document has no end.");
            }

            var type = (BsonType)span[at];
            if (type == 0)
            {
                return at == span.Length - 1 ? false : throw new BsonException("A document ends before its length.");
            }

            nameAt = at + 1;
            nameLength = span[nameAt..].IndexOf((byte)0);
            if (nameLength < 0)
            {
                throw new BsonException("A name has no end.");
            }

            var from = nameAt + nameLength + 1;
            var length = BsonValue.LengthOf(type, span[from..]);
            // The last byte of the document is its own end.
            if (length < 0 || length > span.Length - 1 - from)
            {
                throw new BsonException("A value is longer than its document.");
            }

            Value = new BsonValue(type, bytes.Slice(from, length));
            at = from + length;
            return true;
        }
    }
}

internal readonly record struct BsonElement(string Name, BsonValue Value);
