using System.Globalization;
using System.Text;

namespace EventFly.Messaging.Nats.Client;

/// <summary>
/// Senders append, one loop writes: what comes in while a write runs goes out together in the next. Bounded: with more than
/// <paramref name="limit"/> bytes waiting, senders wait too.
/// </summary>
internal sealed class SendBuffer(int limit) : IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim waiting = new(0, 1);
    private byte[] filling = new byte[32 * 1024];
    private byte[] writing = new byte[32 * 1024];
    private int filled;
    private bool signalled;
    private bool closed;
    private TaskCompletionSource? roomFree;

    /// <summary>Ends the writing, wakes all that wait. What was not written is gone.</summary>
    public void Close()
    {
        TaskCompletionSource? room;
        lock (gate)
        {
            closed = true;
            room = roomFree;
            roomFree = null;
            Signal();
        }

        room?.TrySetResult();
    }

    /// <summary>Null when appended; otherwise the bound is reached: wait for the task and try again.</summary>
    /// <exception cref="NatsException">Closed.</exception>
    public Task? Message(string subject, string? replyTo, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        lock (gate)
        {
            ThrowIfClosed();
            if (filled > 0 && filled + headers.Length + payload.Length > limit)
            {
                return (roomFree ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
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
            filled += Put(space, at, "\r\n"u8);
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
        lock (gate)
        {
            ThrowIfClosed();
            var space = Space(line.Length + 2);
            filled += Put(space, Put(space, 0, line), "\r\n"u8);
            beforeOthers?.Invoke();
            Signal();
        }
    }

    /// <summary>Writes until closed.</summary>
    public async Task WriteTo(Stream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            await waiting.WaitAsync(cancellationToken);
            int length;
            TaskCompletionSource? room;
            lock (gate)
            {
                signalled = false;
                if (closed)
                {
                    return;
                }

                (filling, writing) = (writing, filling);
                length = filled;
                filled = 0;
                room = roomFree;
                roomFree = null;
            }

            room?.TrySetResult();
            if (length > 0)
            {
                await stream.WriteAsync(writing.AsMemory(0, length), cancellationToken);
            }
        }
    }

    public void Dispose() => waiting.Dispose();

    private static int Put(Span<byte> space, int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(space[at..]);
        return at + bytes.Length;
    }

    private static int Digits(Span<byte> space, int number) =>
        number.TryFormat(space, out var written, provider: CultureInfo.InvariantCulture) ? written : 0;

    private Span<byte> Space(int bytes)
    {
        if (filled + bytes > filling.Length)
        {
            Array.Resize(ref filling, Math.Max(filled + bytes, filling.Length * 2));
        }

        return filling.AsSpan(filled);
    }

    private void Signal()
    {
        if (!signalled)
        {
            signalled = true;
            waiting.Release();
        }
    }

    private void ThrowIfClosed()
    {
        if (closed)
        {
            throw new NatsException(NatsFailure.Disconnected, "The connection to NATS was lost.");
        }
    }
}
