using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using EventFly.Storage.MongoDb.Bson;

namespace EventFly.Storage.MongoDb.Bench;

/// <summary>Answers each command with the same bytes, so that what is measured is the client. A replica set of one, in this process.</summary>
internal sealed class CannedServer : IDisposable
{
    private const int HeaderBytes = 16;
    private const int NameAt = HeaderBytes + 5 + 4 + 1;

    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] hello;
    private readonly byte[] inserted = Answer(document => document.Value("n", 1));
    private readonly byte[] found;

    public CannedServer(BsonDocument document)
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(256);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        hello = Answer(answer =>
        {
            answer.Value("isWritablePrimary", true);
            answer.Value("setName", "canned");
            answer.Array("hosts", [$"127.0.0.1:{Port}"]);
            answer.Value("logicalSessionTimeoutMinutes", 30);
            answer.Value("maxWireVersion", 21);
        });
        found = Answer(answer =>
        {
            answer.BeginDocument("cursor");
            answer.Array("firstBatch", [document]);
            answer.Value("id", 0L);
            answer.Value("ns", "bench.commits");
            answer.End();
        });
        _ = Accept();
    }

    public int Port { get; }

    public void Dispose() => listener.Dispose();

    private static byte[] Answer(Action<BsonWriter> write)
    {
        var document = BsonWriter.Build(answer =>
        {
            write(answer);
            answer.Value("ok", 1.0);
        });
        var message = new byte[HeaderBytes + 5 + document.Bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), 2013);
        document.Bytes.CopyTo(message.AsMemory(HeaderBytes + 5));
        return message;
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _ = Serve(await listener.AcceptAsync());
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The measurement is over.
        }
    }

    private async Task Serve(Socket client)
    {
        using (client)
        {
            client.NoDelay = true;
            var input = new byte[64 * 1024];
            var output = new byte[64 * 1024];
            var have = 0;
            try
            {
                while (true)
                {
                    while (have < HeaderBytes || have < BinaryPrimitives.ReadInt32LittleEndian(input))
                    {
                        var read = await client.ReceiveAsync(input.AsMemory(have));
                        if (read == 0)
                        {
                            return;
                        }

                        have += read;
                    }

                    var length = BinaryPrimitives.ReadInt32LittleEndian(input);
                    var name = input.AsSpan(NameAt);
                    var canned = name.StartsWith("insert\0"u8) ? inserted : name.StartsWith("find\0"u8) ? found : hello;
                    canned.CopyTo(output, 0);
                    input.AsSpan(4, 4).CopyTo(output.AsSpan(8));
                    input.AsSpan(length, have - length).CopyTo(input);
                    have -= length;
                    await client.SendAsync(output.AsMemory(0, canned.Length));
                }
            }
            catch (SocketException)
            {
                // The measurement is over.
            }
        }
    }
}
