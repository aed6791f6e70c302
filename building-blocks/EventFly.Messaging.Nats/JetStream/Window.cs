namespace EventFly.Messaging.Nats.JetStream;

/// <summary>How many deliveries this process may hold of one source. A place is taken when asked for, given back when settled.</summary>
internal sealed class Window
{
    private readonly Lock _gate = new();
    private int _free;
    private TaskCompletionSource? _waiting;

    public Window(int size) => _free = Size = size;

    public int Size { get; }

    /// <summary>Takes all that are free.</summary>
    /// <param name="atLeast">0 not to wait, 1 to wait for the first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<int> Take(int atLeast, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task wait;
            lock (_gate)
            {
                if (_free >= atLeast)
                {
                    var taken = _free;
                    _free = 0;
                    return taken;
                }

                wait = (_waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Return(int places)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _free += places;
            waiting = _free > 0 ? _waiting : null;
            _waiting = waiting is null ? _waiting : null;
        }

        waiting?.TrySetResult();
    }
}
