using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Authentication;
using EventFly.Storage.MongoDb.Bson;

namespace EventFly.Storage.MongoDb.Client;

/// <summary>One connection, used by one caller at a time. After any failure it is broken and closed.</summary>
internal sealed class MongoConnection : IDisposable
{
    private const int LargestReply = 64 * 1024 * 1024;

    private readonly Stream stream;
    private readonly byte[] input = new byte[16 * 1024];
    private readonly CancellationTokenSource limit = new();
    private int start;
    private int end;

    private MongoConnection(HostAddress address, Stream stream, int generation) => (Address, this.stream, Generation) = (address, stream, generation);

    public HostAddress Address { get; }

    /// <summary>Of the pool that made it; an older one is not used again.</summary>
    public int Generation { get; }

    public bool IsBroken { get; private set; }

    public long IdleSince { get; set; }

    /// <summary>What the server said of itself when the connection was made.</summary>
    public BsonDocument Hello { get; private set; }

    /// <summary>Connects, shakes hands, and signs in when there is a user.</summary>
    public static async Task<MongoConnection> Open(
        HostAddress address, MongoUri uri, Tls? tls, Scram? scram, int generation, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(uri.ConnectTimeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        Stream? stream = null;
        MongoConnection? connection = null;
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, limit.Token);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (tls is not null)
            {
                stream = await tls.Wrap(stream, address.Host, limit.Token);
            }

            connection = new MongoConnection(address, stream, generation);
            connection.Hello = await connection.SayHello(uri, limit.Token);
            if (scram is not null)
            {
                await scram.SignIn(connection, limit.Token);
            }

            return connection;
        }
        catch (Exception failure)
        {
            connection?.Dispose();
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw failure switch
            {
                MongoException already => already,
                AuthenticationException => new MongoException(
                    MongoFailure.NotTrusted, $"The TLS handshake with {address} failed: {failure.Message} {failure.InnerException?.Message}".TrimEnd(), failure),
                OperationCanceledException => new MongoException(MongoFailure.TimedOut, $"{address} did not answer the handshake within {uri.ConnectTimeout.TotalSeconds:0.#} s.", failure),
                _ => new MongoException(MongoFailure.Unreachable, $"No connection to {address}: {failure.Message}", failure),
            };
        }
    }

    /// <summary>Sends a finished message and reads its answer.</summary>
    public async ValueTask<BsonDocument> Exchange(OpMessage message, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        limit.CancelAfter(timeout);
        try
        {
            using (cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), limit))
            {
                var id = message.Stamp();
                await stream.WriteAsync(message.Bytes, limit.Token);
                return await Read(id);
            }
        }
        catch (Exception failure)
        {
            IsBroken = true;
            cancellationToken.ThrowIfCancellationRequested();
            throw failure switch
            {
                OperationCanceledException => new MongoException(MongoFailure.TimedOut, $"{Address} did not answer within {timeout.TotalSeconds:0.#} s.", failure),
                BsonException => new MongoException(MongoFailure.Unreadable, $"{Address} answered with bytes that are no answer: {failure.Message}", failure),
                MongoException already => already,
                _ => new MongoException(MongoFailure.Unreachable, $"The connection to {Address} broke: {failure.Message}", failure),
            };
        }
        finally
        {
            IsBroken |= !limit.TryReset();
        }
    }

    public void Dispose()
    {
        IsBroken = true;
        stream.Dispose();
        limit.Dispose();
    }

    private async ValueTask<BsonDocument> Read(int id)
    {
        await Fill(OpMessage.HeaderBytes);
        var header = input.AsMemory(start, OpMessage.HeaderBytes);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header.Span);
        if (length is < OpMessage.HeaderBytes + 5 + BsonDocument.Smallest or > LargestReply
            || BinaryPrimitives.ReadInt32LittleEndian(header.Span[8..]) != id
            || BinaryPrimitives.ReadInt32LittleEndian(header.Span[12..]) != OpMessage.OpCode)
        {
            throw new BsonException("the header of the message is wrong.");
        }

        start += OpMessage.HeaderBytes;
        var body = GC.AllocateUninitializedArray<byte>(length - OpMessage.HeaderBytes);
        var here = Math.Min(end - start, body.Length);
        input.AsSpan(start, here).CopyTo(body);
        start += here;
        if (here < body.Length)
        {
            await stream.ReadExactlyAsync(body.AsMemory(here), limit.Token);
        }

        // Flags: a checksum (bit 0) would follow the document; nothing else may be asked of a client.
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(body);
        return (flags & 0xFFFE) == 0 && body[4] == 0
            ? new BsonDocument((flags & 1) == 1 ? body.AsMemory(5..^4) : body.AsMemory(5))
            : throw new BsonException("the message has parts that were not asked for.");
    }

    private async ValueTask Fill(int atLeast)
    {
        if (end - start >= atLeast)
        {
            return;
        }

        input.AsSpan(start, end - start).CopyTo(input);
        (start, end) = (0, end - start);
        while (end < atLeast)
        {
            var read = await stream.ReadAsync(input.AsMemory(end), limit.Token);
            end += read > 0 ? read : throw new EndOfStreamException("the server closed it.");
        }
    }

    private async Task<BsonDocument> SayHello(MongoUri uri, CancellationToken cancellationToken)
    {
        var message = OpMessage.Rent();
        try
        {
            message.Body.Value("hello", 1);
            message.Body.BeginDocument("client");
            message.Body.BeginDocument("application");
            message.Body.Value("name", uri.AppName);
            message.Body.End();
            message.Body.BeginDocument("driver");
            message.Body.Value("name", "EventFly.Storage.MongoDb");
            message.Body.Value("version", "1");
            message.Body.End();
            message.Body.BeginDocument("os");
            message.Body.Value("type", OperatingSystem.IsLinux() ? "Linux" : OperatingSystem.IsWindows() ? "Windows" : "Other");
            message.Body.End();
            message.Body.Value("platform", $".NET {Environment.Version}");
            message.Body.End();
            message.Body.Value("$db", "admin");
            message.Finish();
            return await Exchange(message, uri.ConnectTimeout, cancellationToken);
        }
        finally
        {
            OpMessage.Return(message);
        }
    }
}
