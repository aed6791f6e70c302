using System.Reflection;
using System.Runtime.CompilerServices;

namespace EventFly.BuildingBlocks.Snapshots;

/// <summary>A class: null or not, then each property. It must be sealed, so that nothing of a derived one is lost.</summary>
internal sealed class RecordCodec<T> : Codec<T>, ITypeParts
    where T : class
{
    private Slot<T>[] slots = [];

    public void FindParts()
    {
        if (!typeof(T).IsSealed)
        {
            throw Codec.Refused(typeof(T), "it is neither sealed nor abstract");
        }

        slots = Slots.Of<T>();
    }

    public override void Write(SnapshotWriter writer, T value)
    {
        writer.Byte(value is null ? (byte)0 : (byte)1);
        if (value is null)
        {
            return;
        }

        foreach (var slot in slots)
        {
            slot.Write(writer, ref value);
        }
    }

    public override T Read(SnapshotReader reader)
    {
        if (reader.Byte() == 0)
        {
            return null!;
        }

        var value = (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        foreach (var slot in slots)
        {
            slot.Read(reader, ref value);
        }

        return value;
    }
}

/// <summary>A struct: each property, or each item of a tuple.</summary>
internal sealed class StructCodec<T> : Codec<T>, ITypeParts
    where T : struct
{
    private Slot<T>[] slots = [];

    public void FindParts() => slots = Slots.Of<T>();

    public override void Write(SnapshotWriter writer, T value)
    {
        foreach (var slot in slots)
        {
            slot.Write(writer, ref value);
        }
    }

    public override T Read(SnapshotReader reader)
    {
        var value = default(T);
        foreach (var slot in slots)
        {
            slot.Read(reader, ref value);
        }

        return value;
    }
}

/// <summary>An abstract record: which of its sealed ones, by name, then that one.</summary>
internal sealed class FamilyCodec<T> : Codec<T>, ITypeParts
    where T : class
{
    private Dictionary<string, Relative> byName = [];
    private Dictionary<Type, (string Name, Relative Relative)> byType = [];

    public void FindParts()
    {
        byName = typeof(T).Assembly.GetTypes()
            .Where(type => typeof(T).IsAssignableFrom(type) && !type.IsAbstract)
            .ToDictionary(type => type.FullName!, type => (Relative)Codec.New(typeof(Relative<>).MakeGenericType(typeof(T), type), []), StringComparer.Ordinal);
        byType = byName.ToDictionary(pair => pair.Value.Type, pair => (pair.Key, pair.Value));
    }

    public override void Write(SnapshotWriter writer, T value)
    {
        if (value is null)
        {
            writer.Text("");
            return;
        }

        var (name, relative) = byType[value.GetType()];
        writer.Text(name);
        relative.Write(writer, value);
    }

    public override T Read(SnapshotReader reader) => reader.Text() switch
    {
        "" => null!,
        var name => byName.TryGetValue(name, out var relative) ? relative.Read(reader) : throw SnapshotReader.Broken(),
    };

    private abstract class Relative
    {
        public abstract Type Type { get; }

        public abstract void Write(SnapshotWriter writer, T value);

        public abstract T Read(SnapshotReader reader);
    }

    private sealed class Relative<TOne> : Relative
        where TOne : class, T
    {
        private readonly Codec<TOne> codec = Codec.For<TOne>();

        public override Type Type => typeof(TOne);

        public override void Write(SnapshotWriter writer, T value) => codec.Write(writer, (TOne)value);

        public override T Read(SnapshotReader reader) => codec.Read(reader);
    }
}

/// <summary>One property of a record, or one field of a tuple.</summary>
internal abstract class Slot<T>
{
    public abstract void Write(SnapshotWriter writer, ref T owner);

    public abstract void Read(SnapshotReader reader, ref T owner);
}

internal static class Slots
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>All that instances of the type hold, its bases' part first. Whatever is not an auto-property with a setter is refused.</summary>
    public static Slot<T>[] Of<T>()
    {
        List<Slot<T>> slots = [];
        var types = new Stack<Type>();
        for (var type = typeof(T); type is not null && type != typeof(object) && type != typeof(ValueType); type = type.BaseType)
        {
            types.Push(type);
        }

        foreach (var type in types)
        {
            foreach (var field in type.GetFields(Own).OrderBy(field => field.MetadataToken))
            {
                slots.Add(Codec.IsTuple(type) ? TupleItem<T>(field) : Property<T>(type, field));
            }
        }

        return [.. slots];
    }

    private static Slot<T> Property<T>(Type type, FieldInfo field)
    {
        var property = field.Name.StartsWith('<') && field.Name.EndsWith(">k__BackingField", StringComparison.Ordinal)
            ? type.GetProperty(field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)], Own)
            : null;
        if (property is not { GetMethod: { } get, SetMethod: { } set })
        {
            throw Codec.Refused(typeof(T), $"{(property is null ? "its field " + field.Name : property.Name)} cannot be set when it is read");
        }

        var slot = (typeof(T).IsValueType ? typeof(StructProperty<,>) : typeof(ClassProperty<,>)).MakeGenericType(typeof(T), property.PropertyType);
        return (Slot<T>)Codec.New(slot, [get, set]);
    }

    private static Slot<T> TupleItem<T>(FieldInfo field) =>
        (Slot<T>)Codec.New(typeof(TupleField<,>).MakeGenericType(typeof(T), field.FieldType), [field]);

    private sealed class ClassProperty<T, TValue>(MethodInfo get, MethodInfo set) : Slot<T>
        where T : class
    {
        private readonly Func<T, TValue> get = get.CreateDelegate<Func<T, TValue>>();
        private readonly Action<T, TValue> set = set.CreateDelegate<Action<T, TValue>>();
        private readonly Codec<TValue> codec = Codec.For<TValue>();

        public override void Write(SnapshotWriter writer, ref T owner) => codec.Write(writer, get(owner));

        public override void Read(SnapshotReader reader, ref T owner) => set(owner, codec.Read(reader));
    }

    private sealed class StructProperty<T, TValue>(MethodInfo get, MethodInfo set) : Slot<T>
        where T : struct
    {
        private readonly Getter get = get.CreateDelegate<Getter>();
        private readonly Setter set = set.CreateDelegate<Setter>();
        private readonly Codec<TValue> codec = Codec.For<TValue>();

        private delegate TValue Getter(ref T owner);

        private delegate void Setter(ref T owner, TValue value);

        public override void Write(SnapshotWriter writer, ref T owner) => codec.Write(writer, get(ref owner));

        public override void Read(SnapshotReader reader, ref T owner) => set(ref owner, codec.Read(reader));
    }

    private sealed class TupleField<T, TValue>(FieldInfo field) : Slot<T>
        where T : struct
    {
        private readonly Codec<TValue> codec = Codec.For<TValue>();

        public override void Write(SnapshotWriter writer, ref T owner) => codec.Write(writer, (TValue)field.GetValue(owner)!);

        public override void Read(SnapshotReader reader, ref T owner)
        {
            object boxed = owner;
            field.SetValue(boxed, codec.Read(reader));
            owner = (T)boxed;
        }
    }
}
