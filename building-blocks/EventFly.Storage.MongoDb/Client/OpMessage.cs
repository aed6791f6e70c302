using System.Buffers.Binary;
using System.Collections.Concurrent;
using EventFly.Storage.MongoDb.Bson;

namespace EventFly.Storage.MongoDb.Client;

/// <summary>One command on its way: an OP_MSG with a single section. https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/</summary>
internal sealed class OpMessage
{
    public const int OpCode = 2013;
    public const int HeaderBytes = 16;

    private const int BeforeDocument = HeaderBytes + 4 + 1;
    private const int Kept = 256;
    private const int LargestKept = 256 * 1024;

    private static readonly ConcurrentBag<OpMessage> Idle = [];
    private static int lastId;

    private readonly BsonWriter writer = new(1024);
    private bool isFinished;

    /// <summary>The command's fields; the first names the command.</summary>
    public BsonWriter Body => writer;

    public ReadOnlyMemory<byte> Bytes => isFinished ? writer.Written : throw new InvalidOperationException("The message is not finished.");

    public static OpMessage Rent()
    {
        var message = Idle.TryTake(out var idle) ? idle : new OpMessage();
        message.writer.Clear();
        message.isFinished = false;
        Span<byte> header = stackalloc byte[BeforeDocument];
        header.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], OpCode);
        message.writer.Raw(header);
        message.writer.Begin();
        return message;
    }

    public static void Return(OpMessage message)
    {
        if (Idle.Count < Kept && message.writer.Length < LargestKept)
        {
            Idle.Add(message);
        }
    }

    public void Finish()
    {
        writer.End();
        writer.Patch(0, writer.Length);
        isFinished = true;
    }

    /// <summary>A number for this time of sending.</summary>
    public int Stamp()
    {
        var id = Interlocked.Increment(ref lastId);
        writer.Patch(4, id);
        return id;
    }
}
