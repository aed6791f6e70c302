using System.Globalization;
using System.Text;
using EventFly.Messaging.Nats.Client;

namespace EventFly.Messaging.Nats.Tests;

public sealed class ProtocolReaderTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 7)]
    [InlineData(4, 64)]
    [InlineData(5, 1500)]
    [InlineData(6, 70_000)]
    public async Task However_the_network_cuts_it_the_messages_are_the_same(int seed, int largestPiece)
    {
        var random = new Random(seed);
        var (bytes, expected) = Conversation(random, messages: largestPiece < 8 ? 60 : 400);
        var reader = new ProtocolReader(new Pieces(bytes, random, largestPiece), NatsClient.InboxSid, initialSize: 32);

        Same(expected, await ReadAll(reader));
    }

    [Fact]
    public async Task Cut_at_any_one_place_the_messages_are_the_same()
    {
        var (bytes, expected) = Conversation(new Random(7), messages: 25, largestBody: 40);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            await using var first = new MemoryStream(bytes, 0, cut);
            await using var second = new MemoryStream(bytes, cut, bytes.Length - cut);
            Same(expected, await ReadAll(new ProtocolReader(new OneAfterTheOther(first, second), NatsClient.InboxSid)));
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("MSG a\r\n")]
    [InlineData("MSG a 2 x\r\n")]
    [InlineData("MSG a 2 -1\r\n")]
    [InlineData("MSG a 2 99999999999\r\n")]
    [InlineData("HMSG a 2 9 3\r\nabc\r\n")]
    [InlineData("MSG a 2 3\r\nabcdef\r\n")]
    [InlineData("MSG a 2 r s t 3\r\nabc\r\n")]
    public async Task What_is_not_the_protocol_is_refused(string text)
    {
        var reader = new ProtocolReader(new MemoryStream(Encoding.ASCII.GetBytes(text)));
        await reader.Fill(TestContext.Current.CancellationToken);

        var refusal = Assert.Throws<NatsException>(() => reader.TryRead(out _));
        Assert.Equal(NatsFailure.Protocol, refusal.Failure);
    }

    [Fact]
    public async Task An_endless_line_is_refused_and_not_collected()
    {
        var reader = new ProtocolReader(new Pieces(new byte[2_000_000], new Random(1), 60_000));

        await Assert.ThrowsAsync<NatsException>(async () =>
        {
            while (await reader.Fill(TestContext.Current.CancellationToken))
            {
                reader.TryRead(out _);
            }
        });
    }

    [Fact]
    public void A_header_value_cannot_begin_another_header()
    {
        var written = new NatsHeaders().With("Eventfly-Reason", "no\r\nNats-Rollup: all\r\n\r\nMSG").With("Next", "Zürich").ToBytes();

        var read = NatsHeaders.Read(written);
        Assert.Null(read["Nats-Rollup"]);
        Assert.Equal("no  Nats-Rollup: all    MSG", read["Eventfly-Reason"]);
        Assert.Equal("Zürich", read["next"]);
    }

    [Theory]
    [InlineData("NATS/1.0 503\r\n\r\n", 503, "")]
    [InlineData("NATS/1.0 409 Consumer Deleted\r\n\r\n", 409, "Consumer Deleted")]
    [InlineData("NATS/1.0\r\nA: 1\r\n\r\n", 0, "")]
    public void The_servers_word_is_read(string text, int status, string description)
    {
        var headers = NatsHeaders.Read(Encoding.ASCII.GetBytes(text));

        Assert.Equal((status, description), (headers.Status, headers.Description));
    }

    private static async Task<List<Frame>> ReadAll(ProtocolReader reader)
    {
        var frames = new List<Frame>();
        while (await reader.Fill(TestContext.Current.CancellationToken))
        {
            while (reader.TryRead(out var frame))
            {
                frames.Add(frame);
            }
        }

        return frames;
    }

    private static void Same(List<Frame> expected, List<Frame> frames)
    {
        Assert.Equal(expected.Count, frames.Count);
        foreach (var (want, have) in expected.Zip(frames))
        {
            Assert.Equal(want with { Body = null }, have with { Body = null });
            Assert.True((want.Body ?? []).AsSpan().SequenceEqual(have.Body ?? []), $"The body of {want} came through changed.");
        }
    }

    private static (byte[] Bytes, List<Frame> Frames) Conversation(Random random, int messages, int largestBody = 50_000)
    {
        using var bytes = new MemoryStream();
        var frames = new List<Frame>();
        void Write(string text) => bytes.Write(Encoding.UTF8.GetBytes(text));
        for (var i = 0; i < messages; i++)
        {
            var body = new byte[random.Next(10) == 0 ? random.Next(largestBody) : random.Next(Math.Min(200, largestBody))];
            random.NextBytes(body);
            var number = i.ToString(CultureInfo.InvariantCulture);
            switch (random.Next(7))
            {
                case 0:
                    Write("PING\r\n");
                    frames.Add(new(FrameKind.Ping));
                    break;
                case 1:
                    Write("PONG\r\n+OK\r\n");
                    frames.AddRange([new(FrameKind.Pong), new(FrameKind.Ok)]);
                    break;
                case 2:
                    Write("-ERR 'Stale Connection'\r\nINFO {\"max_payload\":5}\r\n");
                    frames.AddRange([new(FrameKind.Error, Body: " 'Stale Connection'"u8.ToArray()), new(FrameKind.Info, Body: "{\"max_payload\":5}"u8.ToArray())]);
                    break;
                case 3:
                    Write($"MSG  s.{number}\t7 {body.Length}\r\n");
                    bytes.Write(body);
                    Write("\r\n");
                    frames.Add(new(FrameKind.Message, 7, $"s.{number}", Body: body));
                    break;
                case 4:
                    Write($"MSG s.{number} 7 re.ply {body.Length}\r\n");
                    bytes.Write(body);
                    Write("\r\n");
                    frames.Add(new(FrameKind.Message, 7, $"s.{number}", ReplyTo: "re.ply", Body: body));
                    break;
                case 5:
                    Write($"MSG _INBOX.abc.{number} 1 {body.Length}\r\n");
                    bytes.Write(body);
                    Write("\r\n");
                    frames.Add(new(FrameKind.Message, 1, Token: i, Body: body));
                    break;
                default:
                    var headers = new NatsHeaders().With("N", number).ToBytes();
                    Write($"HMSG s.{number} 9 re.ply {headers.Length} {headers.Length + body.Length}\r\n");
                    bytes.Write(headers);
                    bytes.Write(body);
                    Write("\r\n");
                    frames.Add(new(FrameKind.Message, 9, $"s.{number}", ReplyTo: "re.ply", Body: [.. headers, .. body], HeaderLength: headers.Length));
                    break;
            }
        }

        return (bytes.ToArray(), frames);
    }

    /// <summary>Gives its bytes in pieces of random length.</summary>
    private sealed class Pieces(byte[] bytes, Random random, int largest) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, largest + 1))], cancellationToken);
    }

    private sealed class OneAfterTheOther(MemoryStream first, MemoryStream second) : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await first.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : await second.ReadAsync(buffer, cancellationToken);
    }
}
