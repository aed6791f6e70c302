using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;

namespace EventFly.BuildingBlocks.Snapshots;

/// <summary>How values of a type are written into a snapshot, found out from the type.</summary>
internal abstract class Codec<T>
{
    public abstract void Write(SnapshotWriter writer, T value);

    public abstract T Read(SnapshotReader reader);
}

/// <summary>Finds the codec of a type. What a snapshot could not carry whole is refused here, before anything is written.</summary>
internal static class Codec
{
    private static readonly ConcurrentDictionary<Type, object> Known = new();

    [ThreadStatic]
    private static Dictionary<Type, object>? underConstruction;

    public static Codec<T> For<T>() => (Codec<T>)For(typeof(T));

    public static object For(Type type)
    {
        if (Known.TryGetValue(type, out var known) || underConstruction?.TryGetValue(type, out known) is true)
        {
            return known!;
        }

        var outermost = underConstruction is null;
        underConstruction ??= [];
        try
        {
            var codec = Make(type);
            underConstruction[type] = codec;
            if (codec is ITypeParts record)
            {
                record.FindParts();
            }

            if (outermost)
            {
                foreach (var (made, one) in underConstruction)
                {
                    Known.TryAdd(made, one);
                }
            }

            return codec;
        }
        finally
        {
            if (outermost)
            {
                underConstruction = null;
            }
        }
    }

    private static object Make(Type type)
    {
        if (Simple.ByType.TryGetValue(type, out var simple))
        {
            return simple;
        }

        if (type.IsEnum)
        {
            return New(typeof(EnumCodec<>), type);
        }

        if (type.IsArray && type.GetArrayRank() == 1)
        {
            return New(typeof(ListCodec<,>), type, type.GetElementType()!);
        }

        if (type.IsGenericType)
        {
            var arguments = type.GetGenericArguments();
            var definition = type.GetGenericTypeDefinition();
            if (definition == typeof(Nullable<>))
            {
                return New(typeof(NullableCodec<>), arguments);
            }

            if (definition == typeof(OrderedMap<,>))
            {
                return New(typeof(OrderedMapCodec<,>), arguments);
            }

            if (definition == typeof(OrderedSet<>))
            {
                return New(typeof(OrderedSetCodec<>), arguments);
            }

            if (definition == typeof(ImmutableDictionary<,>))
            {
                return New(typeof(ImmutableDictionaryCodec<,>), arguments);
            }

            if (definition == typeof(ImmutableSortedDictionary<,>))
            {
                return New(typeof(ImmutableSortedDictionaryCodec<,>), arguments);
            }

            if (definition == typeof(ImmutableHashSet<>))
            {
                return New(typeof(ImmutableHashSetCodec<>), arguments);
            }

            if (definition == typeof(ImmutableSortedSet<>))
            {
                return New(typeof(ImmutableSortedSetCodec<>), arguments);
            }

            if (definition == typeof(ImmutableArray<>))
            {
                return New(typeof(ImmutableArrayCodec<>), arguments);
            }

            if (definition == typeof(ImmutableList<>))
            {
                return New(typeof(ImmutableListCodec<>), arguments);
            }

            if (definition == typeof(List<>) || (type.IsInterface && type.IsAssignableFrom(arguments[0].MakeArrayType())))
            {
                return New(typeof(ListCodec<,>), type, arguments[0]);
            }

            if (type.IsInterface && arguments.Length == 2 && type.IsAssignableFrom(typeof(Dictionary<,>).MakeGenericType(arguments)))
            {
                return New(typeof(DictionaryCodec<,,>), [type, .. arguments]);
            }
        }

        return type switch
        {
            { IsInterface: true } or { IsPointer: true } or { IsByRefLike: true } => throw Refused(type, "it is an interface"),
            _ when typeof(Delegate).IsAssignableFrom(type) || type == typeof(object) => throw Refused(type, "it is no data"),
            _ when type.Namespace?.StartsWith("System", StringComparison.Ordinal) is true && !IsTuple(type) =>
                throw Refused(type, "no codec knows it"),
            { IsAbstract: true } => New(typeof(FamilyCodec<>), type),
            { IsValueType: true } => New(typeof(StructCodec<>), type),
            _ => New(typeof(RecordCodec<>), type),
        };
    }

    public static bool IsTuple(Type type) => type.IsValueType && type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal);

    public static NotSupportedException Refused(Type type, string because) =>
        new($"A snapshot cannot carry {type}: {because}. Use records with positional or init properties, and the collections that Codec.cs names.");

    /// <summary>An instance of a generic type; what its constructor refuses comes out as it is.</summary>
    public static object New(Type type, object?[]? values = null) =>
        Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.DoNotWrapExceptions, null, values, null)!;

    private static object New(Type generic, params Type[] arguments) => New(generic.MakeGenericType(arguments));
}

/// <summary>A codec that is made of others: they are looked up after it is known itself, so that a type may contain itself.</summary>
internal interface ITypeParts
{
    void FindParts();
}
