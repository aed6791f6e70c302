using System.Collections.Concurrent;
using System.Diagnostics;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Messaging;
using Microsoft.Extensions.Logging;

namespace EventFly.BuildingBlocks.EventStore;

/// <summary>All streams of one aggregate: a queue per stream, one worker per stream at work, states of recent streams kept.</summary>
internal sealed class StreamDesk<TState, TEvent>(
    StreamDefinition<TState, TEvent> definition, IEventStore store, ISnapshotStore? snapshots, TimeProvider clock, StreamsOptions options, ILogger log)
    where TState : class, IAggregate<TState, TEvent>
    where TEvent : class
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Queue> queues = new(StringComparer.Ordinal);
    private readonly KeyValuePair<string, object?> category = new("category", definition.Category);
    private readonly SnapshotDesk<TState, TEvent>? snapshotDesk =
        snapshots is null || definition.Snapshots is null ? null : new(definition, definition.Snapshots, snapshots, options, log);

    private int evicting;

    public Task<Decided<TState>> Decide(string stream, Func<TState, Decision<TEvent>> decide, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<Decided<TState>>(cancellationToken);
        }

        var waiting = new Waiting(decide, Activity.Current, cancellationToken);
        while (true)
        {
            var queue = queues.GetOrAdd(stream, static (name, my) => new Queue(name, my.AggregateOf(name)), definition);
            switch (queue.Join(waiting, options.QueueLimit))
            {
                case Joined.AndMustWork:
                    StreamMetrics.Waiting.Add(1, category);
                    Start(queue);
                    return waiting.Answer;
                case Joined.Queue:
                    StreamMetrics.Waiting.Add(1, category);
                    return waiting.Answer;
                case Joined.NotBecauseFull:
                    return Task.FromResult(new Decided<TState>(
                        TState.Initial, 0, Refusal.Unavailable("busy", "Too many requests wait for this. Try again.", RetryAfter)));
                case Joined.NotBecauseRetired:
                default:
                    queues.TryRemove(KeyValuePair.Create(stream, queue));
                    break;
            }
        }
    }

    private void Start(Queue queue)
    {
        // The worker serves many callers: it must not run in the first one's context.
        using var _ = ExecutionContext.SuppressFlow();
        Task.Run(() => Work(queue));
    }

    private async Task Work(Queue queue)
    {
        var batch = new List<Waiting>();
        while (queue.Take(batch, options.CommitLimit))
        {
            StreamMetrics.Waiting.Add(-batch.Count, category);
            try
            {
                await Serve(queue, batch);
            }
            catch (Exception failure)
            {
                // Whether the commit is stored is not known. The next decision catches up with the store first, so the kept state stays true.
                foreach (var waiting in batch)
                {
                    waiting.Fail(failure);
                }
            }

            batch.Clear();
        }

        if (queues.Count > options.KeptStreams)
        {
            Evict();
        }
    }

    private async Task Serve(Queue queue, List<Waiting> batch)
    {
        for (var attempt = 1; attempt <= options.Tries && batch.Count > 0; attempt++)
        {
            await CatchUp(queue, batch);

            var at = clock.GetUtcNow();
            var state = queue.State;
            var version = queue.Version;
            List<NewEvent> events = [];
            List<Announcement> announcements = [];
            List<(Waiting Waiting, Decided<TState> Decided, bool Happened)> answers = new(batch.Count);
            var again = false;
            foreach (var waiting in batch)
            {
                if (waiting.IsWithdrawn)
                {
                    continue;
                }

                Activity.Current = waiting.Caller;
                Decision<TEvent> decision;
                try
                {
                    decision = waiting.Decide(state);
                    foreach (var happened in decision.Events)
                    {
                        state = TState.Evolve(state, happened);
                        version++;
                        events.Add(definition.Names.Write(happened));
                        foreach (var message in definition.Announce(happened, state))
                        {
                            announcements.Add(Envelope.Wrap(message, queue.Aggregate, version, at));
                        }
                    }
                }
                catch (Exception broken)
                {
                    // Its half-written events may stand among those of others: leave it out and decide for the others anew.
                    waiting.Fail(broken);
                    again = true;
                    break;
                }
                finally
                {
                    Activity.Current = null;
                }

                answers.Add((waiting, new Decided<TState>(state, version, decision.Refusal), decision.Events.Count > 0));
            }

            if (again)
            {
                batch.RemoveAll(static waiting => waiting.IsAnswered);
                attempt--;
                continue;
            }

            if (events.Count == 0 || await Append(queue, batch, events, announcements, at))
            {
                queue.MoveTo(state, version);
                if (events.Count > 0)
                {
                    snapshotDesk?.Consider(queue.Stream, queue.Memory, state, version, events[^1]);
                }

                foreach (var (waiting, decided, happened) in answers)
                {
                    StreamMetrics.Decisions.Add(
                        1, category, new("outcome", decided.Refusal?.Code ?? (happened ? "accepted" : "nothing")));
                    waiting.Succeed(decided);
                }

                foreach (var waiting in batch)
                {
                    waiting.Withdraw();
                }

                return;
            }

#if SABOTAGE
            if (Sabotage.Breaks("version-check"))
            {
                await AppendOnTop(queue, batch, events, announcements, at);
                answers.ForEach(static answer => answer.Waiting.Succeed(answer.Decided));
                batch.ForEach(static waiting => waiting.Withdraw());
                return;
            }
#endif

            StreamMetrics.Conflicts.Add(1, category);
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 4 * attempt)));
        }

        foreach (var waiting in batch)
        {
            waiting.Succeed(new Decided<TState>(
                queue.State, queue.Version, Refusal.Unavailable("contended", "Too many changes at once. Try again.", RetryAfter)));
        }
    }

    private async Task CatchUp(Queue queue, List<Waiting> batch)
    {
        Activity.Current = batch[0].Caller;
        try
        {
            if (queue.Version == 0 && snapshotDesk is not null && await snapshotDesk.Load(queue.Stream, queue.Memory, store) is { } kept)
            {
                queue.MoveTo(kept.State, kept.Version);
            }

            var (state, version) = (queue.State, queue.Version);
            NewEvent? last = null;
            await foreach (var stored in store.Read(queue.Stream, version, CancellationToken.None))
            {
                state = TState.Evolve(state, definition.Names.Read(stored));
                version = stored.Version;
                last = new NewEvent(stored.Name, stored.Data);
            }

            queue.MoveTo(state, version);
            if (last is { } read)
            {
                snapshotDesk?.Consider(queue.Stream, queue.Memory, state, version, read);
            }
        }
        finally
        {
            Activity.Current = null;
        }
    }

    private async Task<bool> Append(
        Queue queue, List<Waiting> batch, List<NewEvent> events, List<Announcement> announcements, DateTimeOffset at)
    {
        var commit = new Commit(queue.Stream, queue.Version, Guid.CreateVersion7(at), at, events, announcements);
        var began = Stopwatch.GetTimestamp();
        using var span = StreamMetrics.Source.StartActivity(
            "commit " + definition.Category,
            ActivityKind.Internal,
            batch[0].Caller?.Context ?? default,
            links: batch.Count == 1 ? null : batch.Skip(1).Take(31).Where(waiting => waiting.Caller is not null).Select(waiting => new ActivityLink(waiting.Caller!.Context)));
        span?.SetTag("eventfly.commit.decisions", batch.Count);
        span?.SetTag("eventfly.commit.events", events.Count);
        AppendOutcome outcome;
        try
        {
            outcome = await store.Append(commit, CancellationToken.None);
        }
        catch (StorageUnavailableException)
        {
            // The outcome is unknown and the commit id makes a repetition harmless.
            outcome = await store.Append(commit, CancellationToken.None);
        }

        StreamMetrics.CommitTime.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, category);
        StreamMetrics.CommitSize.Record(batch.Count, category);
        return outcome is not AppendOutcome.Conflict;
    }

#if SABOTAGE
    /// <summary>Stores what was decided on a state that is not so any more.</summary>
    private async Task AppendOnTop(Queue queue, List<Waiting> batch, List<NewEvent> events, List<Announcement> announcements, DateTimeOffset at)
    {
        do
        {
            await CatchUp(queue, batch);
        }
        while (!await Append(queue, batch, events, announcements, at));
    }
#endif

    private void Evict()
    {
        if (Interlocked.Exchange(ref evicting, 1) == 1)
        {
            return;
        }

        try
        {
            var surplus = queues.Count - (options.KeptStreams * 3 / 4);
            foreach (var (stream, queue) in queues.OrderBy(pair => pair.Value.LastUsed).Take(surplus))
            {
                if (queue.TryRetire())
                {
                    queues.TryRemove(KeyValuePair.Create(stream, queue));
                }
            }
        }
        finally
        {
            Volatile.Write(ref evicting, 0);
        }
    }

    private enum Joined
    {
        Queue,
        AndMustWork,
        NotBecauseFull,
        NotBecauseRetired,
    }

    private sealed class Queue(string stream, string aggregate)
    {
        private readonly Lock gate = new();
        private readonly Queue<Waiting> line = new();
        private bool working;
        private bool retired;

        public string Stream { get; } = stream;

        public string Aggregate { get; } = aggregate;

        public SnapshotMemory Memory { get; } = new();

        public TState State { get; private set; } = TState.Initial;

        public long Version { get; private set; }

        public long LastUsed { get; private set; }

        public Joined Join(Waiting waiting, int limit)
        {
            lock (gate)
            {
                if (retired)
                {
                    return Joined.NotBecauseRetired;
                }

                if (line.Count >= limit)
                {
                    return Joined.NotBecauseFull;
                }

                line.Enqueue(waiting);
                LastUsed = Environment.TickCount64;
                if (working)
                {
                    return Joined.Queue;
                }

                working = true;
                return Joined.AndMustWork;
            }
        }

        public bool Take(List<Waiting> batch, int limit)
        {
            lock (gate)
            {
                while (batch.Count < limit && line.TryDequeue(out var waiting))
                {
                    batch.Add(waiting);
                }

                return working = batch.Count > 0;
            }
        }

        public bool TryRetire()
        {
            lock (gate)
            {
                return retired = !working;
            }
        }

        public void MoveTo(TState state, long version) => (State, Version) = (state, version);
    }

    private sealed class Waiting(Func<TState, Decision<TEvent>> decide, Activity? caller, CancellationToken cancellationToken)
    {
        private readonly TaskCompletionSource<Decided<TState>> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Func<TState, Decision<TEvent>> Decide => decide;

        public Activity? Caller => caller;

        public Task<Decided<TState>> Answer => answer.Task;

        public bool IsAnswered => answer.Task.IsCompleted;

        public bool IsWithdrawn => cancellationToken.IsCancellationRequested;

        public void Succeed(Decided<TState> decided) => answer.TrySetResult(decided);

        public void Fail(Exception failure) => answer.TrySetException(failure);

        public void Withdraw() => answer.TrySetCanceled(cancellationToken);
    }
}
