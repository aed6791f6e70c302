using System.Buffers.Text;
using System.Globalization;
using System.Net.Sockets;

namespace EventFly.Bench.Load;

/// <summary>
/// One client's connection: writes a request that was prepared as bytes, reads one answer, keeps alive. It shares the cores with what it measures, so it does
/// as little as it can.
/// </summary>
internal sealed class Connection(Uri target) : IDisposable
{
    private const int LargestAnswer = 1024 * 1024;

    private Socket? socket;
    private byte[] buffer = new byte[16 * 1024];

    /// <summary>The last answer's body.</summary>
    public ReadOnlySpan<byte> Body => buffer.AsSpan(bodyStart, bodyLength);

    private int bodyStart;
    private int bodyLength;

    /// <summary>Sends and answers with the status.</summary>
    /// <exception cref="IOException">The connection broke; the next call opens another.</exception>
    public async ValueTask<int> Send(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        try
        {
            if (socket is null)
            {
                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync("127.0.0.1", target.Port, cancellationToken);
            }

            await socket.SendAsync(request, SocketFlags.None, cancellationToken);
            return await Receive(cancellationToken);
        }
        catch (Exception broken) when (broken is SocketException or IOException or FormatException or OperationCanceledException)
        {
            socket?.Dispose();
            socket = null;
            throw broken is OperationCanceledException ? broken : new IOException(broken.Message, broken);
        }
    }

    public void Dispose() => socket?.Dispose();

    private async ValueTask<int> Receive(CancellationToken cancellationToken)
    {
        var have = 0;
        int headEnd;
        while ((headEnd = buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8)) < 0)
        {
            have += await More(have, cancellationToken);
        }

        var (status, length) = Head(buffer.AsSpan(0, headEnd + 2));
        bodyStart = headEnd + 4;
        if (length >= 0)
        {
            while (have < bodyStart + length)
            {
                have += await More(have, cancellationToken);
            }

            bodyLength = length;
            return status;
        }

        // In chunks: they are moved together, so that the body is in one piece.
        var (read, write) = (bodyStart, bodyStart);
        while (true)
        {
            int line;
            while ((line = buffer.AsSpan(read, have - read).IndexOf("\r\n"u8)) < 0)
            {
                have += await More(have, cancellationToken);
            }

            if (!Utf8Parser.TryParse(buffer.AsSpan(read, line), out int chunk, out _, 'x'))
            {
                throw new FormatException("No chunk size.");
            }

            read += line + 2;
            while (have < read + chunk + 2)
            {
                have += await More(have, cancellationToken);
            }

            buffer.AsSpan(read, chunk).CopyTo(buffer.AsSpan(write));
            write += chunk;
            read += chunk + 2;
            if (chunk == 0)
            {
                bodyLength = write - bodyStart;
                return status;
            }
        }
    }

    private async ValueTask<int> More(int have, CancellationToken cancellationToken)
    {
        if (have == buffer.Length)
        {
            if (have >= LargestAnswer)
            {
                throw new IOException("The answer is too large.");
            }

            Array.Resize(ref buffer, have * 2);
        }

        var received = await socket!.ReceiveAsync(buffer.AsMemory(have), SocketFlags.None, cancellationToken);
        return received > 0 ? received : throw new IOException("The connection was closed.");
    }

    private static (int Status, int Length) Head(ReadOnlySpan<byte> head)
    {
        var status = int.Parse(head.Slice(9, 3), CultureInfo.InvariantCulture);
        while (head.IndexOf("\r\n"u8) is var end and > 0)
        {
            var line = head[..end];
            if (line.Length > 15 && line[14] == ':' && System.Text.Ascii.EqualsIgnoreCase(line[..14], "content-length"u8))
            {
                return (status, int.Parse(line[15..].Trim((byte)' '), CultureInfo.InvariantCulture));
            }

            head = head[(end + 2)..];
        }

        return (status, status is 204 or 304 ? 0 : -1);
    }
}
