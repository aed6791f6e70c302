using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace EventFly.Messaging.Nats.Client;

/// <summary>One connection, from its handshake to its end. It never comes back; the client makes the next one.</summary>
internal sealed class NatsLink : IAsyncDisposable
{
    private readonly Stream stream;
    private readonly ProtocolReader reader;
    private readonly TimeSpan pingInterval;
    private readonly Queue<TaskCompletionSource> pongs = [];
    private readonly CancellationTokenSource ended = new();
    private long heard;

    private NatsLink(NatsServer server, ServerInfo info, Stream stream, ProtocolReader reader, NatsClientSettings settings)
    {
        Server = server;
        Info = info;
        this.stream = stream;
        this.reader = reader;
        pingInterval = settings.PingInterval;
        Sending = new SendBuffer(settings.SendBufferBytes);
    }

    public NatsServer Server { get; }

    public ServerInfo Info { get; private set; }

    public SendBuffer Sending { get; }

    /// <exception cref="NatsException">With a sentence that names the server.</exception>
    public static async Task<NatsLink> Open(NatsServer server, NatsClientSettings settings, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(settings.ConnectTimeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(server.Host, server.Port, timeout.Token);
            stream = new NetworkStream(socket, ownsSocket: true);
            var reader = new ProtocolReader(stream, NatsClient.InboxSid);
            var info = ServerInfo.Read((await Expect(reader, FrameKind.Info, server, timeout.Token)).Body);
            if (!info.Headers)
            {
                throw new NatsException(NatsFailure.Refused, $"NATS at {server} knows no headers; a server of 2.2 or later is needed.");
            }

            if (server.Tls || info.TlsRequired)
            {
                var secured = new SslStream(stream);
                stream = secured;
                await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Host }, timeout.Token);
                reader = new ProtocolReader(stream, NatsClient.InboxSid);
            }

            await stream.WriteAsync(Hello(server, settings), timeout.Token);
            await Expect(reader, FrameKind.Pong, server, timeout.Token);
            return new NatsLink(server, info, stream, reader, settings);
        }
        catch (Exception exception)
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw exception switch
            {
                NatsException => exception,
                OperationCanceledException => new NatsException(NatsFailure.Timeout, $"NATS at {server} did not answer in time.", exception),
                _ => new NatsException(NatsFailure.Disconnected, $"NATS at {server} cannot be reached: {exception.Message}", exception),
            };
        }
    }

    /// <summary>Reads, writes and keeps alive until the connection ends; gives the reason.</summary>
    public async Task<NatsException> Run(Action<Frame> onMessage, Action<ServerInfo> onInfo, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ended.Token);
        Task[] loops = [Read(onMessage, onInfo, stop.Token), Sending.WriteTo(stream, stop.Token), KeepAlive(stop.Token)];
        var first = await Task.WhenAny(loops);
        Sending.Close();
        await stop.CancelAsync();
        await stream.DisposeAsync();
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        FailPongs();
        return first.Exception?.InnerException switch
        {
            NatsException reason => reason,
            { } other => new NatsException(NatsFailure.Disconnected, $"The connection to NATS at {Server} was lost: {other.Message}", other),
            null => new NatsException(NatsFailure.Disconnected, $"The connection to NATS at {Server} was closed."),
        };
    }

    /// <summary>Completes when the server answered everything sent before; faults when the connection ends first.</summary>
    public Task Ping()
    {
        var pong = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Sending.Line("PING"u8, () =>
        {
            lock (pongs)
            {
                pongs.Enqueue(pong);
            }
        });
        return pong.Task;
    }

    /// <summary>Ends <see cref="Run"/>.</summary>
    public void End() => ended.Cancel();

    public async ValueTask DisposeAsync()
    {
        Sending.Close();
        await stream.DisposeAsync();
        Sending.Dispose();
        ended.Dispose();
    }

    private static byte[] Hello(NatsServer server, NatsClientSettings settings)
    {
        var words = new ConnectWords(
            settings.Name ?? "EventFly",
            Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "1.0.0",
            server.Credentials?.User,
            server.Credentials?.Password,
            server.Credentials?.Token,
            TlsRequired: server.Tls);
        return [.. "CONNECT "u8, .. JsonSerializer.SerializeToUtf8Bytes(words, WireJson.Default.ConnectWords), .. "\r\nPING\r\n"u8];
    }

    private static async Task<Frame> Expect(ProtocolReader reader, FrameKind kind, NatsServer server, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (reader.TryRead(out var frame))
            {
                if (frame.Kind == kind)
                {
                    return frame;
                }

                if (frame.Kind is FrameKind.Error)
                {
                    throw new NatsException(NatsFailure.Refused, $"NATS at {server} refused the connection: {Text(frame)}.");
                }
            }

            if (!await reader.Fill(cancellationToken))
            {
                throw new NatsException(NatsFailure.Disconnected, $"NATS at {server} hung up.");
            }
        }
    }

    private static string Text(Frame frame) => Encoding.UTF8.GetString(frame.Body.AsSpan()).Trim().Trim('\'');

    private async Task Read(Action<Frame> onMessage, Action<ServerInfo> onInfo, CancellationToken cancellationToken)
    {
        string? complaint = null;
        do
        {
            Volatile.Write(ref heard, Stopwatch.GetTimestamp());
            while (reader.TryRead(out var frame))
            {
                switch (frame.Kind)
                {
                    case FrameKind.Message:
                        onMessage(frame);
                        break;
                    case FrameKind.Ping:
                        Sending.Line("PONG"u8);
                        break;
                    case FrameKind.Pong:
                        Pong();
                        break;
                    case FrameKind.Info:
                        Info = ServerInfo.Read(frame.Body);
                        onInfo(Info);
                        break;
                    case FrameKind.Error:
                        complaint = Text(frame);
                        break;
                    default:
                        break;
                }
            }
        }
        while (await reader.Fill(cancellationToken));

        throw new NatsException(
            NatsFailure.Disconnected,
            complaint is null ? $"NATS at {Server} hung up." : $"NATS at {Server} hung up: {complaint}.");
    }

    private async Task KeepAlive(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(pingInterval);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var silence = Stopwatch.GetElapsedTime(Volatile.Read(ref heard));
            if (silence > pingInterval * 2.5)
            {
                throw new NatsException(NatsFailure.Timeout, $"NATS at {Server} has been silent for {silence.TotalSeconds:0.0} s.");
            }

            _ = Ping();
        }
    }

    private void Pong()
    {
        TaskCompletionSource? pong;
        lock (pongs)
        {
            pongs.TryDequeue(out pong);
        }

        pong?.TrySetResult();
    }

    private void FailPongs()
    {
        lock (pongs)
        {
            while (pongs.TryDequeue(out var pong))
            {
                pong.TrySetException(new NatsException(NatsFailure.Disconnected, $"The connection to NATS at {Server} was lost."));
                _ = pong.Task.Exception;
            }
        }
    }
}
