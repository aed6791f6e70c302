using System.Collections.Concurrent;

namespace EventFly.Payments;

/// <summary>
/// Work that is under way once per id in this process: who comes while it runs waits for the same result. A caller who leaves does not stop it;
/// the time-out and the end of the process do.
/// </summary>
internal sealed class OneAtATime<T>(TimeSpan timeout, TimeProvider clock, CancellationToken stopping)
{
    private readonly ConcurrentDictionary<Guid, Lazy<Task<T>>> running = new();

    public Task<T> Run(Guid id, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        running.GetOrAdd(id, added => new Lazy<Task<T>>(() => Work(added, work))).Value.WaitAsync(cancellationToken);

    /// <summary>Waits, but not longer than that, until no work under this id is under way here. How it ended does not matter.</summary>
    public async Task WhenIdle(Guid id, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (!running.TryGetValue(id, out var work)) return;
        await Task.WhenAny(work.Value, Task.Delay(atMost, clock, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<T> Work(Guid id, Func<CancellationToken, Task<T>> work)
    {
        try
        {
            using var limit = new CancellationTokenSource(timeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
            return await work(either.Token);
        }
        finally
        {
            running.TryRemove(id, out _);
        }
    }
}
