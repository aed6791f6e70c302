using System.Buffers.Text;
using System.Text;

namespace EventFly.Messaging.Nats.Client;

internal enum FrameKind
{
    Message,
    Info,
    Ping,
    Pong,
    Ok,
    Error,
}

/// <summary>One unit of the protocol. <see cref="Body"/> is owned by the frame; its first <see cref="HeaderLength"/> bytes are headers.</summary>
internal readonly record struct Frame(FrameKind Kind, long Sid = 0, string Subject = "", long Token = 0, string? ReplyTo = null, byte[]? Body = null, int HeaderLength = 0)
{
    public NatsMessage ToMessage() => new(
        Subject,
        Body.AsMemory(HeaderLength),
        HeaderLength > 0 ? NatsHeaders.Read(Body.AsSpan(0, HeaderLength)) : null,
        ReplyTo);
}

/// <summary>
/// Cuts the byte stream into frames, however the network fragmented it. A message's bytes are copied once, out of the receive buffer.
/// </summary>
/// <param name="stream">Where the bytes come from.</param>
/// <param name="inboxSid">The subscription that takes answers: of its subjects only the number after the last dot is read.</param>
/// <param name="initialSize">First size of the receive buffer, in bytes.</param>
internal sealed class ProtocolReader(Stream stream, long inboxSid = 0, int initialSize = 64 * 1024)
{
    private const int MaxControlLine = 256 * 1024;
    private const int MaxBody = 64 * 1024 * 1024;
    private byte[] buffer = new byte[initialSize];
    private int start;
    private int end;
    private int wanted;

    /// <summary>Reads more bytes. False at the end of the stream.</summary>
    public async ValueTask<bool> Fill(CancellationToken cancellationToken)
    {
        if (start == end)
        {
            start = end = 0;
        }

        var missing = Math.Max(wanted, end - start + 1);
        if (missing > buffer.Length)
        {
            var larger = new byte[Math.Max(missing, buffer.Length * 2)];
            buffer.AsSpan(start, end - start).CopyTo(larger);
            buffer = larger;
            end -= start;
            start = 0;
        }
        else if (start + missing > buffer.Length)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
        end += read;
        return read > 0;
    }

    /// <summary>Takes the next whole frame out of the buffer. False: <see cref="Fill"/> first.</summary>
    /// <exception cref="NatsException">The bytes are not the NATS protocol.</exception>
    public bool TryRead(out Frame frame)
    {
        frame = default;
        var bytes = buffer.AsSpan(start, end - start);
        if (bytes.Length < wanted)
        {
            return false;
        }

        var lineEnd = bytes.IndexOf((byte)'\n');
        if (lineEnd < 0)
        {
            return bytes.Length <= MaxControlLine ? false : throw Broken("a line is too long");
        }

        var line = bytes[..lineEnd];
        if (line is [.., (byte)'\r'])
        {
            line = line[..^1];
        }

        int used;
        if (line.StartsWith("MSG "u8))
        {
            used = ReadMessage(bytes, lineEnd + 1, line[4..], withHeaders: false, out frame);
        }
        else if (line.StartsWith("HMSG "u8))
        {
            used = ReadMessage(bytes, lineEnd + 1, line[5..], withHeaders: true, out frame);
        }
        else
        {
            frame = ReadControl(line);
            used = lineEnd + 1;
        }

        if (used == 0)
        {
            return false;
        }

        wanted = 0;
        start += used;
        return true;
    }

    private static Frame ReadControl(ReadOnlySpan<byte> line) => line switch
    {
        _ when line.SequenceEqual("PING"u8) => new(FrameKind.Ping),
        _ when line.SequenceEqual("PONG"u8) => new(FrameKind.Pong),
        _ when line.SequenceEqual("+OK"u8) => new(FrameKind.Ok),
        _ when line.StartsWith("INFO "u8) => new(FrameKind.Info, Body: line[5..].ToArray()),
        _ when line.StartsWith("-ERR"u8) => new(FrameKind.Error, Body: line[4..].ToArray()),
        _ => throw Broken("an unknown word"),
    };

    // MSG <subject> <sid> [reply-to] <#bytes>
    // HMSG <subject> <sid> [reply-to] <#header bytes> <#total bytes>
    private int ReadMessage(ReadOnlySpan<byte> bytes, int bodyStart, ReadOnlySpan<byte> arguments, bool withHeaders, out Frame frame)
    {
        frame = default;
        Span<Range> parts = stackalloc Range[6];
        var count = arguments.Split(parts);
        var plain = withHeaders ? 4 : 3;
        if (count != plain && count != plain + 1)
        {
            throw Broken("a message line with missing words");
        }

        var sid = Number(arguments[parts[1]]);
        var total = (int)Math.Min(Number(arguments[parts[count - 1]]), int.MaxValue);
        var headers = withHeaders ? (int)Math.Min(Number(arguments[parts[count - 2]]), int.MaxValue) : 0;
        if (total > MaxBody || headers > total)
        {
            throw Broken("a message of an impossible length");
        }

        var used = bodyStart + total + 2;
        if (bytes.Length < used)
        {
            wanted = used;
            return 0;
        }

        if (!bytes.Slice(bodyStart + total, 2).SequenceEqual("\r\n"u8))
        {
            throw Broken("a message that does not end where it said");
        }

        var subject = arguments[parts[0]];
        var body = bytes.Slice(bodyStart, total).ToArray();
        var replyTo = count > plain ? Encoding.UTF8.GetString(arguments[parts[2]]) : null;
        frame = sid == inboxSid
            ? new Frame(FrameKind.Message, sid, "", TokenOf(subject), replyTo, body, headers)
            : new Frame(FrameKind.Message, sid, Encoding.UTF8.GetString(subject), 0, replyTo, body, headers);
        return used;
    }

    private static long TokenOf(ReadOnlySpan<byte> subject)
    {
        var last = subject[(subject.LastIndexOf((byte)'.') + 1)..];
        return Utf8Parser.TryParse(last, out long token, out var used) && used == last.Length ? token : 0;
    }

    private static long Number(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out long number, out var used) && used == digits.Length && number >= 0
            ? number
            : throw Broken("a number that is none");

    private static NatsException Broken(string what) => new(NatsFailure.Protocol, $"The server does not speak the NATS protocol: {what}.");
}

internal static class Words
{
    /// <summary>Splits at spaces and tabs; gives how many words there are, or one more than fits.</summary>
    public static int Split(this ReadOnlySpan<byte> text, Span<Range> words)
    {
        var count = 0;
        var position = 0;
        while (position < text.Length)
        {
            if (text[position] is (byte)' ' or (byte)'\t')
            {
                position++;
                continue;
            }

            var length = text[position..].IndexOfAny((byte)' ', (byte)'\t');
            var end = length < 0 ? text.Length : position + length;
            if (count == words.Length)
            {
                return count + 1;
            }

            words[count++] = position..end;
            position = end;
        }

        return count;
    }
}
