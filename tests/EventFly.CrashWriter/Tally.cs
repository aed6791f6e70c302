using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EventFly.CrashWriter;

public sealed record Counted(string By);

/// <summary>Counts each name once, up to a hundred.</summary>
public sealed record Tally(System.Collections.Immutable.ImmutableHashSet<string> Names) : IAggregate<Tally, Counted>
{
    public const int Most = 100;

    public const string Stream = "tally-1";

    public static Tally Initial { get; } = new([]);

    public static StreamDefinition<Tally, Counted> Definition { get; } = new("tally", new EventNames<Counted>().Add<Counted>("counted"), static (_, _) => []);

    public static Tally Evolve(Tally state, Counted happened) => new(state.Names.Add(happened.By));

    public static Streams Open(IEventStore store) => new(
        new ServiceCollection().AddSingleton(Definition).BuildServiceProvider(), store, TimeProvider.System, Options.Create(new StreamsOptions { CommitLimit = 5 }));

    public static Task<Decided<Tally>> Count(Streams streams, string name) => streams.Decide<Tally, Counted>(Stream, tally => tally.Count(name), default);

    public Decision<Counted> Count(string name) =>
        Names.Contains(name) ? Decision.Nothing
        : Names.Count == Most ? Refusal.Conflict("full", "A hundred are counted.")
        : new Counted(name);
}

/// <summary>Stores, and then the process is gone before anybody hears of it.</summary>
internal sealed class LastWords(SqliteEventStore inner) : IEventStore
{
    public async Task<AppendOutcome> Append(Commit commit, CancellationToken cancellationToken)
    {
        await inner.Append(commit, cancellationToken);
        using var me = System.Diagnostics.Process.GetCurrentProcess();
        me.Kill();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException("Still alive.");
    }

    public IAsyncEnumerable<StoredEvent> Read(string stream, long afterVersion, CancellationToken cancellationToken) => inner.Read(stream, afterVersion, cancellationToken);
}
