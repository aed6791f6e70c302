using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace EventFly.BuildingBlocks.Snapshots;

/// <summary>
/// How a state is put into a snapshot and read from it. A snapshot is a cache: it can be thrown away, and the events build the state anew.
/// </summary>
/// <remarks>
/// There is nothing to do for a new property of the state: all that it holds is found by reflection and carried (records with positional or
/// init properties, abstract records with sealed ones in the same assembly, lists, the immutable collections). What cannot be carried whole,
/// for example a private field, is refused by <see cref="SnapshotForm.Of{TState}"/>, that is when the service starts and in every test.
/// What grows with the stream belongs into an <see cref="OrderedMap{TKey,TValue}"/> or <see cref="OrderedSet{T}"/>, which load lazily.
/// </remarks>
/// <typeparam name="TState">The aggregate.</typeparam>
public sealed class SnapshotForm<TState>
    where TState : class
{
    private readonly Codec<TState> codec = Codec.For<TState>();

    internal SnapshotForm()
    {
    }

    /// <summary>
    /// Names the code that a snapshot was made by; snapshots with another name are passed over. By default a hash over the builds of the
    /// state's assembly and of those of ours that it uses, so that no change of the code ever meets a state that older code has built.
    /// </summary>
    public string Fingerprint { get; init; } = SnapshotForm.FingerprintOf(typeof(TState));

    /// <summary>The state in parts: the first names the others.</summary>
    /// <exception cref="NotSupportedException">The state holds a collection with a comparer of its own.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> Write(TState state)
    {
        var writer = new SnapshotWriter();
        codec.Write(writer, state);
        return writer.Finish();
    }

    /// <summary>The state from its parts. Its big maps keep them and unpack what is asked for.</summary>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public TState Read(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.Count > 1 ? codec.Read(new SnapshotReader(parts[0], parts)) : throw SnapshotReader.Broken();
    }
}

/// <summary>Makes snapshot forms.</summary>
public static class SnapshotForm
{
    /// <summary>The form of a state; see <see cref="SnapshotForm{TState}"/>.</summary>
    /// <exception cref="NotSupportedException">The state holds something that a snapshot cannot carry; the message says what.</exception>
    public static SnapshotForm<TState> Of<TState>()
        where TState : class => new();

    internal static string FingerprintOf(Type state)
    {
        var product = state.Assembly.GetName().Name!.Split('.')[0];
        var builds = state.Assembly.GetReferencedAssemblies()
            .Where(name => name.Name!.StartsWith(product, StringComparison.Ordinal))
            .OrderBy(name => name.Name, StringComparer.Ordinal)
            .Select(Assembly.Load)
            .Append(state.Assembly)
            .Select(assembly => assembly.ManifestModule.ModuleVersionId.ToString("N"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{state.FullName} {string.Join(' ', builds)}")))[..32];
    }
}
