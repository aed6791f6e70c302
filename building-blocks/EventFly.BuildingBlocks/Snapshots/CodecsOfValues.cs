using System.Collections.Frozen;

namespace EventFly.BuildingBlocks.Snapshots;

internal static class Simple
{
    public static readonly FrozenDictionary<Type, object> ByType = new object[]
    {
        new Of<bool>((writer, value) => writer.Byte(value ? (byte)1 : (byte)0), reader => reader.Byte() != 0),
        new Of<byte>((writer, value) => writer.Byte(value), reader => reader.Byte()),
        new Of<short>((writer, value) => writer.Number((long)value), reader => (short)reader.Signed()),
        new Of<int>((writer, value) => writer.Number((long)value), reader => (int)reader.Signed()),
        new Of<long>((writer, value) => writer.Number(value), reader => reader.Signed()),
        new Of<uint>((writer, value) => writer.Number((ulong)value), reader => (uint)reader.Unsigned()),
        new Of<ulong>((writer, value) => writer.Number(value), reader => reader.Unsigned()),
        new Of<double>((writer, value) => writer.Fixed(BitConverter.DoubleToInt64Bits(value)), reader => BitConverter.Int64BitsToDouble(reader.Fixed())),
        new Of<decimal>(
            (writer, value) =>
            {
                foreach (var bits in decimal.GetBits(value))
                {
                    writer.Number((long)bits);
                }
            },
            reader => new decimal([(int)reader.Signed(), (int)reader.Signed(), (int)reader.Signed(), (int)reader.Signed()])),
        new Of<string>(
            (writer, value) =>
            {
                writer.Byte(value is null ? (byte)0 : (byte)1);
                if (value is not null)
                {
                    writer.Text(value);
                }
            },
            reader => reader.Byte() == 0 ? null! : reader.Text()),
        new Of<Guid>((writer, value) => writer.Guid(value), reader => reader.Guid()),
        new Of<TimeSpan>((writer, value) => writer.Number(value.Ticks), reader => new TimeSpan(reader.Signed())),
        new Of<DateOnly>((writer, value) => writer.Number((long)value.DayNumber), reader => DateOnly.FromDayNumber((int)reader.Signed())),
        new Of<TimeOnly>((writer, value) => writer.Number(value.Ticks), reader => new TimeOnly(reader.Signed())),
        new Of<DateTimeOffset>(
            (writer, value) =>
            {
                writer.Fixed(value.Ticks);
                writer.Number((long)value.TotalOffsetMinutes);
            },
            reader => new DateTimeOffset(reader.Fixed(), TimeSpan.FromMinutes(reader.Signed()))),
        new Of<Member>((_, _) => { }, _ => default),
    }.ToFrozenDictionary(codec => codec.GetType().GetGenericArguments()[0]);

    private sealed class Of<T>(Action<SnapshotWriter, T> write, Func<SnapshotReader, T> read) : Codec<T>
    {
        public override void Write(SnapshotWriter writer, T value) => write(writer, value);

        public override T Read(SnapshotReader reader) => read(reader);
    }
}

internal sealed class EnumCodec<T> : Codec<T>
    where T : struct, Enum
{
    public override void Write(SnapshotWriter writer, T value) => writer.Number(Convert.ToInt64(value, null));

    public override T Read(SnapshotReader reader) => (T)Enum.ToObject(typeof(T), reader.Signed());
}

internal sealed class NullableCodec<T> : Codec<T?>
    where T : struct
{
    private readonly Codec<T> codec = Codec.For<T>();

    public override void Write(SnapshotWriter writer, T? value)
    {
        writer.Byte(value is null ? (byte)0 : (byte)1);
        if (value is { } there)
        {
            codec.Write(writer, there);
        }
    }

    public override T? Read(SnapshotReader reader) => reader.Byte() == 0 ? null : codec.Read(reader);
}
