using System.Diagnostics;
using System.Text;
using EventFly.Storage.MongoDb.Bson;

namespace EventFly.Storage.MongoDb.Tests;

public sealed class BsonTests
{
    private const int Mutations = 200_000;

    public static TheoryData<decimal> Decimals => [0m, 0.0m, 0.10m, -0.10m, 1m, -1m, 123456789.987654321m, decimal.MaxValue, decimal.MinValue, 0.0000000000000000000000000001m, 79228162514264337593543950335m, 1.10m];

    [Fact]
    public void Every_type_that_is_written_comes_back_exactly()
    {
        var id = Guid.Parse("0197f0a1-b2c3-7d4e-8f90-a1b2c3d4e5f6");
        var at = new DateTimeOffset(2030, 5, 1, 12, 34, 56, 789, TimeSpan.Zero);
        const string text = "Zürich 東京 🎟 \0 \"quoted\" \\ \U0010FFFF";
        var written = BsonWriter.Build(document =>
        {
            document.Value("text", text);
            document.Value("empty", "");
            document.Utf8("utf8", Encoding.UTF8.GetBytes(text));
            document.Value("int", int.MinValue);
            document.Value("long", long.MaxValue);
            document.Value("least", long.MinValue);
            document.Value("big", 9007199254740993L);
            document.Value("double", 0.1);
            document.Value("yes", true);
            document.Value("no", false);
            document.Value("at", at);
            document.Value("before", DateTimeOffset.UnixEpoch.AddMilliseconds(-1));
            document.Value("id", id);
            document.Value("amount", 0.10m);
            document.Null("nothing");
            document.Binary("bytes", [0, 1, 255]);
            document.Array("list", ["a", 1L, null, BsonDocument.Empty]);
            document.BeginDocument("ü東");
            document.BeginArray("deep");
            document.BeginDocument();
            document.Value("x", double.NegativeInfinity);
            document.End();
            document.End();
            document.End();
        });

        var read = new BsonDocument(written.Bytes.ToArray());

        read.Check();
        Assert.Equal(text, read["text"].AsString());
        Assert.Equal("", read["empty"].AsString());
        Assert.Equal(text, read["utf8"].AsString());
        Assert.Equal(int.MinValue, read["int"].AsInt64());
        Assert.Equal(long.MaxValue, read["long"].AsInt64());
        Assert.Equal(long.MinValue, read["least"].AsInt64());
        Assert.Equal(9007199254740993L, read["big"].AsInt64());
        Assert.Equal(0.1, read["double"].AsDouble());
        Assert.True(read["yes"].AsBoolean());
        Assert.False(read["no"].AsBoolean());
        Assert.Equal(at, read["at"].AsTime());
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMilliseconds(-1), read["before"].AsTime());
        Assert.Equal(id, read["id"].AsGuid());
        Assert.Equal("0.10", read["amount"].AsDecimal().ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(BsonType.Null, read["nothing"].Type);
        Assert.Equal([0, 1, 255], read["bytes"].AsBinary().ToArray());
        Assert.Equal(["0", "1", "2", "3"], Names(read["list"].AsDocument()));
        Assert.Equal(double.NegativeInfinity, read["ü東"].AsDocument()["deep"].AsDocument()["0"].AsDocument()["x"].AsDouble());
    }

    [Theory]
    [MemberData(nameof(Decimals))]
    public void A_decimal_keeps_each_digit_and_its_scale(decimal value)
    {
        var read = BsonWriter.Build(document => document.Value("d", value))["d"].AsDecimal();

        Assert.Equal(decimal.GetBits(value), decimal.GetBits(read));
    }

    /// <summary>Values as the format's own description gives them: the sign bit, the exponent with its bias of 6176, the coefficient.</summary>
    [Theory]
    [InlineData("0.1", 1UL, 0x303E000000000000UL)]
    [InlineData("-1", 1UL, 0xB040000000000000UL)]
    [InlineData("12345678901234567", 12345678901234567UL, 0x3040000000000000UL)]
    public void A_decimal_lies_there_as_the_standard_says(string text, ulong low, ulong high)
    {
        var value = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal((low, high), Decimal128.FromDecimal(value));
        Assert.Equal(value, Decimal128.ToDecimal(low, high));
    }

    [Fact]
    public void A_decimal_that_has_no_place_here_is_refused()
    {
        Assert.Throws<BsonException>(() => Decimal128.ToDecimal(0, 0x7800000000000000)); // infinity
        Assert.Throws<BsonException>(() => Decimal128.ToDecimal(0, 0x7C00000000000000)); // not a number
        Assert.Throws<BsonException>(() => Decimal128.ToDecimal(ulong.MaxValue, 0x3040FFFFFFFFFFFF)); // 34 digits
        Assert.Throws<BsonException>(() => Decimal128.ToDecimal(1, 0x5FFE000000000000)); // 1E+6111
    }

    [Fact]
    public void A_uuid_lies_there_in_the_order_in_which_it_is_printed()
    {
        var bytes = BsonWriter.Build(document => document.Value("i", Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"))).Bytes.ToArray();

        Assert.Equal("1D000000" + "056900" + "10000000" + "04" + "00112233445566778899AABBCCDDEEFF" + "00", Convert.ToHexString(bytes));
    }

    [Fact]
    public void Time_is_kept_to_the_millisecond()
    {
        var at = DateTimeOffset.UnixEpoch.AddTicks(12_345_6789);

        Assert.Equal(DateTimeOffset.UnixEpoch.AddMilliseconds(12_345), BsonWriter.Build(document => document.Value("t", at))["t"].AsTime());
    }

    [Fact]
    public void A_text_that_is_no_unicode_is_not_written() =>
        Assert.ThrowsAny<ArgumentException>(() => BsonWriter.Build(document => document.Value("t", "\ud800")));

    [Fact]
    public void A_name_with_a_zero_is_not_written() =>
        Assert.Throws<BsonException>(() => BsonWriter.Build(document => document.Value("a\0b", 1)));

    [Fact]
    public void Damaged_documents_end_in_an_answer_or_a_refusal_and_in_nothing_else()
    {
        var random = new Random(20301);
        var whole = Everything();
        var began = Stopwatch.GetTimestamp();
        int refused = 0, read = 0;
        for (var i = 0; i < Mutations; i++)
        {
            try
            {
                var document = new BsonDocument(Mutate(whole, random));
                document.Check();
                ReadAll(document, 0);
                read++;
            }
            catch (BsonException)
            {
                refused++;
            }
        }

        Assert.Equal(Mutations, read + refused);
        Assert.True(refused > Mutations / 10 && read > Mutations / 100, $"{read} read, {refused} refused: these mutations try nothing.");
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void A_document_in_a_document_without_end_is_refused()
    {
        byte[] document = [5, 0, 0, 0, 0];
        for (var i = 0; i < 300; i++)
        {
            document = [.. BitConverter.GetBytes(document.Length + 8), 3, (byte)'a', 0, .. document, 0];
        }

        Assert.Throws<BsonException>(() => new BsonDocument(document).Check());
    }

    /// <summary>The specification's own cases: https://github.com/mongodb/specifications/tree/master/source/bson-corpus/tests.</summary>
    [Fact]
    public void The_specifications_corpus_is_read_and_written()
    {
        var (documents, errors) = (0, 0);
        foreach (var (file, test) in Specifications.Files("bson-corpus/tests"))
        {
            foreach (var valid in test.Array("valid"))
            {
                var bytes = Convert.FromHexString(valid.GetProperty("canonical_bson").GetString()!);
                var document = new BsonDocument(bytes);
                document.Check();
                Assert.Equal(bytes, Rewritten(document).Bytes.ToArray());
                documents++;
            }

            foreach (var wrong in test.Array("decodeErrors"))
            {
                var bytes = Convert.FromHexString(wrong.GetProperty("bson").GetString()!);
                Assert.True(IsRefused(bytes), $"{file}: {wrong.GetProperty("description").GetString()}");
                errors++;
            }
        }

        Assert.True(documents > 100 && errors > 20);
    }

    private static bool IsRefused(byte[] bytes)
    {
        try
        {
            new BsonDocument(bytes).Check();
            return false;
        }
        catch (BsonException)
        {
            return true;
        }
    }

    private static BsonDocument Rewritten(BsonDocument document) => BsonWriter.Build(writer =>
    {
        foreach (var (name, value) in document)
        {
            writer.Copy(name, value);
        }
    });

    private static List<string> Names(BsonDocument document)
    {
        List<string> names = [];
        foreach (var (name, _) in document)
        {
            names.Add(name);
        }

        return names;
    }

    private static byte[] Everything()
    {
        var writer = new BsonWriter();
        writer.Begin();
        writer.Value("s", "text");
        writer.Value("i", 1);
        writer.Value("l", 2L);
        writer.Value("d", 1.5);
        writer.Value("b", true);
        writer.Value("t", DateTimeOffset.UnixEpoch);
        writer.Value("g", Guid.AllBitsSet);
        writer.Value("m", 12.34m);
        writer.Null("n");
        writer.Binary("x", [1, 2, 3]);
        writer.Array("a", ["a", 1L, 2.5, null]);
        writer.BeginDocument("o");
        writer.Value("k", "v");
        writer.BeginArray("e");
        writer.BeginDocument();
        writer.Value("n", "said");
        writer.Value("d", "{}");
        writer.End();
        writer.End();
        writer.End();
        writer.Copy("oid", new BsonValue(BsonType.ObjectId, new byte[12]));
        writer.Copy("re", new BsonValue(BsonType.Regex, "ab\0i\0"u8.ToArray()));
        writer.Copy("ts", new BsonValue(BsonType.Timestamp, new byte[8]));
        writer.Copy("js", new BsonValue(BsonType.Code, new byte[] { 2, 0, 0, 0, (byte)'x', 0 }));
        writer.Copy("sc", new BsonValue(BsonType.ScopedCode, new byte[] { 15, 0, 0, 0, 2, 0, 0, 0, (byte)'x', 0, 5, 0, 0, 0, 0 }));
        writer.End();
        return writer.Written.ToArray();
    }

    private static byte[] Mutate(byte[] whole, Random random)
    {
        var bytes = (byte[])whole.Clone();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes = [.. bytes[..at], .. bytes[random.Next(at, bytes.Length)..]];
                    break;
                case 3:
                    bytes = [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
                    break;
                case 4 when at + 4 <= bytes.Length:
                    BitConverter.TryWriteBytes(bytes.AsSpan(at), random.Next(3) switch { 0 => -1, 1 => int.MaxValue, _ => random.Next(-100, 1000) });
                    break;
                default:
                    bytes[at] = 0;
                    break;
            }

            if (bytes.Length < 8)
            {
                bytes = (byte[])whole.Clone();
            }
        }

        // Mostly with the length set right, else hardly anything behind it is ever reached.
        if (random.Next(10) > 0)
        {
            BitConverter.TryWriteBytes(bytes, bytes.Length);
            bytes[^1] = 0;
        }

        return bytes;
    }

    private static void ReadAll(BsonDocument document, int depth)
    {
        foreach (var (_, value) in document)
        {
            try
            {
                _ = value.Type switch
                {
                    BsonType.String => (object?)value.AsString(),
                    BsonType.Int32 or BsonType.Int64 or BsonType.Double => value.AsDouble(),
                    BsonType.Date => value.AsTime(),
                    BsonType.Binary => value.AsBinary().Length,
                    BsonType.Decimal128 => value.AsDecimal(),
                    _ => null,
                };
            }
            catch (BsonException)
            {
                // A date beyond the year 9999, a decimal that is not a number.
            }

            if (value.Type is BsonType.Document or BsonType.Array)
            {
                ReadAll(value.AsDocument(), depth + 1);
            }
        }
    }
}
