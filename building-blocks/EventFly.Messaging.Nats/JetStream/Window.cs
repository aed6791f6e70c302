namespace EventFly.Messaging.Nats.JetStream;

/// <summary>How many deliveries this process may hold of one source. A place is taken when asked for, given back when settled.</summary>
internal sealed class Window
{
    private readonly Lock gate = new();
    private int free;
    private TaskCompletionSource? waiter;

    public Window(int size) => free = Size = size;

    public int Size { get; }

    /// <summary>Takes all that are free.</summary>
    /// <param name="atLeast">0 not to wait, 1 to wait for the first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<int> Take(int atLeast, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task wait;
            lock (gate)
            {
                if (free >= atLeast)
                {
                    var taken = free;
                    free = 0;
                    return taken;
                }

                wait = (waiter ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await wait.WaitAsync(cancellationToken);
        }
    }

    public void Return(int places)
    {
        TaskCompletionSource? waiting;
        lock (gate)
        {
            free += places;
            waiting = free > 0 ? waiter : null;
            waiter = waiting is null ? waiter : null;
        }

        waiting?.TrySetResult();
    }
}
