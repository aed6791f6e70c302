using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Orchestration;

/// <summary>Healthy when the server takes writes. A new member of no replica set is told to begin one with itself.</summary>
internal sealed class MongoIsPrimary(EndpointReference endpoint) : PortCheck(endpoint)
{
    private const int LargestAnswer = 1 << 20;

    protected override async Task<HealthCheckResult> Ask(NetworkStream stream, CancellationToken cancellationToken)
    {
        var hello = await Tell(stream, Command("hello", [0x10, .. "hello\0"u8, 1, 0, 0, 0]), cancellationToken);
        if (hello.AsSpan().IndexOf("\u0008isWritablePrimary\0\u0001"u8) >= 0) return HealthCheckResult.Healthy();
        if (hello.AsSpan().IndexOf("setName\0"u8) >= 0) return HealthCheckResult.Unhealthy("It has not been elected yet.");
        // {replSetInitiate: {}}: with the host name and port that it knows of itself.
        await Tell(stream, Command("replSetInitiate", [0x03, .. "replSetInitiate\0"u8, 5, 0, 0, 0, 0]), cancellationToken);
        return HealthCheckResult.Unhealthy("It begins its replica set.");
    }

    /// <summary>One OP_MSG with the element and the database admin.</summary>
    private static byte[] Command(string name, byte[] element)
    {
        byte[] database = [0x02, .. "$db\0"u8, 6, 0, 0, 0, .. "admin\0"u8];
        var document = 4 + element.Length + database.Length + 1;
        var message = new byte[16 + 4 + 1 + document];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), 2013);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(21), document);
        element.CopyTo(message, 25);
        database.CopyTo(message, 25 + element.Length);
        return message;
    }

    private static async Task<byte[]> Tell(NetworkStream stream, byte[] message, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(message, cancellationToken);
        var length = new byte[4];
        await stream.ReadExactlyAsync(length, cancellationToken);
        var rest = BinaryPrimitives.ReadInt32LittleEndian(length) - 4;
        var answer = rest is > 0 and < LargestAnswer ? new byte[rest] : throw new IOException("Something else answers.");
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return answer;
    }
}
