using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard;

/// <summary>Outcomes of a call that are used here; the numbers are gRPC's.</summary>
internal enum GrpcStatus
{
    Ok = 0,
    InvalidArgument = 3,
    NotFound = 5,
    Unimplemented = 12,
    Internal = 13,
    Unauthenticated = 16,
}

/// <summary>
/// One gRPC call over HTTP/2: messages in frames of a zero byte, a length of four bytes and the message; the outcome in the trailers.
/// The packages that would do this are not on every feed.
/// </summary>
internal sealed class GrpcCall(HttpContext http)
{
    private const int FrameHeader = 5;
    private const int LargestMessage = 4 * 1024 * 1024;

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>Answers at once, so that the caller knows it is connected, and ends with the status.</summary>
    public static async Task Handle(HttpContext http, Func<GrpcCall, Task<GrpcStatus>> handle)
    {
        http.Response.ContentType = "application/grpc";
        var status = GrpcStatus.Internal;
        var message = "";
        try
        {
            await http.Response.StartAsync(http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            status = await handle(new GrpcCall(http));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or InvalidDataException)
        {
            (status, message) = (GrpcStatus.InvalidArgument, error.Message);
        }
        http.Response.AppendTrailer("grpc-status", ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (message.Length > 0) http.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(message));
    }

    /// <summary>The next message; null when the caller has sent its last.</summary>
    /// <exception cref="InvalidDataException">The frame is compressed, cut off or larger than 4 MiB.</exception>
    public async Task<T?> Read<T>(MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(Aborted);
            var buffer = read.Buffer;
            if (TryReadFrame(ref buffer, out var frame))
            {
                var message = parser.ParseFrom(frame);
                reader.AdvanceTo(buffer.Start);
                return message;
            }
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (!read.IsCompleted) continue;
            return buffer.IsEmpty ? null : throw new InvalidDataException("The last message is cut off.");
        }
    }

    public async Task Write(IMessage message)
    {
        var length = message.CalculateSize();
        var frame = http.Response.BodyWriter.GetSpan(FrameHeader + length)[..(FrameHeader + length)];
        frame[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(frame[1..], length);
        message.WriteTo(frame[FrameHeader..]);
        http.Response.BodyWriter.Advance(frame.Length);
        await http.Response.BodyWriter.FlushAsync(Aborted);
    }

    private static bool TryReadFrame(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (buffer.Length < FrameHeader) return false;
        Span<byte> header = stackalloc byte[FrameHeader];
        buffer.Slice(0, FrameHeader).CopyTo(header);
        if (header[0] != 0) throw new InvalidDataException("Compressed messages are not taken.");
        var length = BinaryPrimitives.ReadInt32BigEndian(header[1..]);
        if (length is < 0 or > LargestMessage) throw new InvalidDataException($"A message of {length} bytes is too large.");
        if (buffer.Length < FrameHeader + length) return false;
        frame = buffer.Slice(FrameHeader, length);
        buffer = buffer.Slice(FrameHeader + length);
        return true;
    }
}
