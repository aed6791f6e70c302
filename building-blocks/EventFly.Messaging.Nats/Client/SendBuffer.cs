using System.Globalization;
using System.Text;

namespace EventFly.Messaging.Nats.Client;

/// <summary>
/// Senders append, one loop writes: what comes in while a write runs goes out together in the next. Bounded: with more than
/// <paramref name="limit"/> bytes waiting, senders wait too.
/// </summary>
internal sealed class SendBuffer(int limit) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _waiting = new(0, 1);
    private byte[] _filling = new byte[32 * 1024];
    private byte[] _writing = new byte[32 * 1024];
    private int _length;
    private bool _signalled;
    private bool _closed;
    private TaskCompletionSource? _room;

    /// <summary>Ends the writing, wakes all that wait. What was not written is gone.</summary>
    public void Close()
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _closed = true;
            room = _room;
            _room = null;
            Signal();
        }

        room?.TrySetResult();
    }

    /// <summary>Null when appended; otherwise the bound is reached: wait for the task and try again.</summary>
    /// <exception cref="NatsException">Closed.</exception>
    public Task? Message(string subject, string? replyTo, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            if (_length > 0 && _length + headers.Length + payload.Length > limit)
            {
                return (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            var lineBytes = 64 + Encoding.UTF8.GetMaxByteCount(subject.Length + (replyTo?.Length ?? 0));
            var space = Space(lineBytes + headers.Length + payload.Length + 2);
            var at = Put(space, 0, headers.Length > 0 ? "HPUB "u8 : "PUB "u8);
            at += Encoding.UTF8.GetBytes(subject, space[at..]);
            space[at++] = (byte)' ';
            if (replyTo is not null)
            {
                at += Encoding.UTF8.GetBytes(replyTo, space[at..]);
                space[at++] = (byte)' ';
            }

            if (headers.Length > 0)
            {
                at += Digits(space[at..], headers.Length);
                space[at++] = (byte)' ';
            }

            at += Digits(space[at..], headers.Length + payload.Length);
            at = Put(space, at, "\r\n"u8);
            at = Put(space, at, headers);
            at = Put(space, at, payload);
            _length += Put(space, at, "\r\n"u8);
            Signal();
            return null;
        }
    }

    /// <summary>Appends a line such as <c>SUB</c>; the bound does not hold for these few.</summary>
    /// <param name="line">Without the line break.</param>
    /// <param name="beforeOthers">Runs under the same lock, so that order here is order on the wire.</param>
    /// <exception cref="NatsException">Closed.</exception>
    public void Line(ReadOnlySpan<byte> line, Action? beforeOthers = null)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            var space = Space(line.Length + 2);
            _length += Put(space, Put(space, 0, line), "\r\n"u8);
            beforeOthers?.Invoke();
            Signal();
        }
    }

    /// <summary>Writes until closed.</summary>
    public async Task WriteTo(Stream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            await _waiting.WaitAsync(cancellationToken).ConfigureAwait(false);
            int length;
            TaskCompletionSource? room;
            lock (_gate)
            {
                _signalled = false;
                if (_closed)
                {
                    return;
                }

                (_filling, _writing) = (_writing, _filling);
                length = _length;
                _length = 0;
                room = _room;
                _room = null;
            }

            room?.TrySetResult();
            if (length > 0)
            {
                await stream.WriteAsync(_writing.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _waiting.Dispose();

    private static int Put(Span<byte> space, int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(space[at..]);
        return at + bytes.Length;
    }

    private static int Digits(Span<byte> space, int number) =>
        number.TryFormat(space, out var written, provider: CultureInfo.InvariantCulture) ? written : 0;

    private Span<byte> Space(int bytes)
    {
        if (_length + bytes > _filling.Length)
        {
            Array.Resize(ref _filling, Math.Max(_length + bytes, _filling.Length * 2));
        }

        return _filling.AsSpan(_length);
    }

    private void Signal()
    {
        if (!_signalled)
        {
            _signalled = true;
            _waiting.Release();
        }
    }

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new NatsException(NatsFailure.Disconnected, "The connection to NATS was lost.");
        }
    }
}
