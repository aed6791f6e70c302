using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using EventFly.BuildingBlocks.Decisions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EventFly.BuildingBlocks.EventStore;

/// <summary>
/// Decisions on streams: load, decide, append at the version read, again when another writer was faster. Decisions that wait for the same
/// stream are taken one after the other against the evolving state and stored in one commit; each caller is answered after that commit.
/// </summary>
public sealed class Streams(IServiceProvider services, IEventStore store, TimeProvider clock, IOptions<StreamsOptions> options)
{
    private readonly ConcurrentDictionary<Type, object> desks = new();

    /// <summary>Takes a decision and stores what it came to.</summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="decide">Pure; may run several times, on any thread. Its time must come from the caller.</param>
    /// <param name="cancellationToken">
    /// Withdraws a decision that still waits. One that is already in a commit happens all the same; the caller then does not hear of it.
    /// </param>
    /// <exception cref="StorageUnavailableException">The store does not answer; whether it happened is not known.</exception>
    public Task<Decided<TState>> Decide<TState, TEvent>(
        string stream, Func<TState, Decision<TEvent>> decide, CancellationToken cancellationToken)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class =>
        Desk<TState, TEvent>().Decide(stream, decide, cancellationToken);

    /// <summary>The state as stored now.</summary>
    /// <exception cref="StorageUnavailableException">The store does not answer.</exception>
    public Task<Decided<TState>> Read<TState, TEvent>(string stream, CancellationToken cancellationToken)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class =>
        Desk<TState, TEvent>().Decide(stream, static _ => Decision.Nothing, cancellationToken);

    [SuppressMessage("Reliability", "CA2000", Justification = "Desks live as long as this.")]
    private StreamDesk<TState, TEvent> Desk<TState, TEvent>()
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class =>
        (StreamDesk<TState, TEvent>)desks.GetOrAdd(
            typeof(TState),
            static (_, my) => new StreamDesk<TState, TEvent>(
                my.services.GetService<StreamDefinition<TState, TEvent>>()
                    ?? throw new InvalidOperationException($"{typeof(TState).Name} is not registered. Call AddStream for it."),
                my.store,
                my.services.GetService<ISnapshotStore>(),
                my.clock,
                my.options.Value,
                my.services.GetService<ILogger<Streams>>() ?? NullLogger<Streams>.Instance),
            (services, store, clock, options));
}
