using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace EventFly.Storage.MongoDb.Client;

/// <summary>Finds the servers of a <c>mongodb+srv://</c> name by DNS: SRV records for the hosts, at most one TXT record for two options.</summary>
internal static class SrvLookup
{
    private const ushort Txt = 16;
    private const ushort Srv = 33;
    private const int Tries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static Task<MongoUri> Resolve(MongoUri uri, CancellationToken cancellationToken) => Resolve(uri, SystemServers(), cancellationToken);

    /// <exception cref="MongoException">No name server answered.</exception>
    /// <exception cref="FormatException">The records are not such as the connection string may lead to.</exception>
    public static async Task<MongoUri> Resolve(MongoUri uri, IReadOnlyList<IPEndPoint> nameServers, CancellationToken cancellationToken)
    {
        var name = uri.Hosts[0].Host;
        var hosts = (await Ask($"_{uri.SrvService}._tcp.{name}", Srv, nameServers, cancellationToken)).Select(ReadHost).ToArray();
        if (hosts.Length == 0)
        {
            throw new MongoException(MongoFailure.Unreachable, $"DNS knows no servers of {name}.");
        }

        // Else a forged answer could lead anywhere.
        var domain = name[name.IndexOf('.')..];
        if (hosts.FirstOrDefault(host => !host.Host.EndsWith(domain, StringComparison.Ordinal)) is { Host: { } stranger })
        {
            throw new FormatException($"The MongoDB connection string cannot be used: DNS names {stranger} as a server, which is not below {domain[1..]}.");
        }

        var texts = (await Ask(name, Txt, nameServers, cancellationToken)).Select(ReadText).ToArray();
        if (texts.Length > 1)
        {
            throw new FormatException($"The MongoDB connection string cannot be used: {name} has more than one TXT record.");
        }

        var chosen = uri.SrvMaxHosts > 0 && uri.SrvMaxHosts < hosts.Length ? Random.Shared.GetItems(hosts, hosts.Length).Distinct().Take(uri.SrvMaxHosts) : hosts;
        return uri.With(chosen, MongoUri.Options(texts.FirstOrDefault() ?? "").ToDictionary(option => option.Key, option => option.Value, StringComparer.OrdinalIgnoreCase));
    }

    private static IPEndPoint[] SystemServers()
    {
        const string File = "/etc/resolv.conf";
        return System.IO.File.Exists(File)
            ?
            [
                .. System.IO.File.ReadLines(File)
                    .Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                    .Where(words => words is ["nameserver", _, ..] && IPAddress.TryParse(words[1], out _))
                    .Select(words => new IPEndPoint(IPAddress.Parse(words[1]), 53)),
            ]
            : throw new MongoException(MongoFailure.Unreachable, $"mongodb+srv:// needs {File} to find name servers; name the servers in mongodb:// instead.");
    }

    private static async Task<List<Answer>> Ask(string name, ushort type, IReadOnlyList<IPEndPoint> servers, CancellationToken cancellationToken)
    {
        Exception? last = null;
        for (var i = 0; i < Tries * servers.Count; i++)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            try
            {
                var question = Question(name, type);
                var (answers, isCut) = Read(await OverUdp(question, servers[i % servers.Count], limit.Token), question, type);
                return isCut ? Read(await OverTcp(question, servers[i % servers.Count], limit.Token), question, type).Answers : answers;
            }
            catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException or FormatException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                last = failure;
            }
        }

        throw new MongoException(MongoFailure.Unreachable, $"No name server answered for {name}.", last);
    }

    private static byte[] Question(string name, ushort type)
    {
        using var question = new MemoryStream();
        Span<byte> id = stackalloc byte[2];
        RandomNumberGenerator.Fill(id);
        question.Write(id);
        question.Write([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
        foreach (var label in name.Split('.'))
        {
            var bytes = Encoding.ASCII.GetBytes(label);
            question.WriteByte(bytes.Length is > 0 and < 64 ? (byte)bytes.Length : throw new FormatException($"{name} is no name that DNS can have."));
            question.Write(bytes);
        }

        question.Write([0, (byte)(type >> 8), (byte)type, 0, 1]);
        return question.ToArray();
    }

    private static async Task<byte[]> OverUdp(byte[] question, IPEndPoint server, CancellationToken cancellationToken)
    {
        using var socket = new UdpClient(server.AddressFamily);
        socket.Connect(server);
        await socket.SendAsync(question, cancellationToken);
        while (true)
        {
            var answer = (await socket.ReceiveAsync(cancellationToken)).Buffer;
            if (answer.Length >= 12 && answer[0] == question[0] && answer[1] == question[1])
            {
                return answer;
            }
        }
    }

    private static async Task<byte[]> OverTcp(byte[] question, IPEndPoint server, CancellationToken cancellationToken)
    {
        using var socket = new TcpClient(server.AddressFamily);
        await socket.ConnectAsync(server, cancellationToken);
        var stream = socket.GetStream();
        await stream.WriteAsync((byte[])[(byte)(question.Length >> 8), (byte)question.Length, .. question], cancellationToken);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellationToken);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, cancellationToken);
        return answer;
    }

    private static (List<Answer> Answers, bool IsCut) Read(byte[] message, byte[] question, ushort type)
    {
        if (message.Length < 12 || message[0] != question[0] || message[1] != question[1] || (message[2] & 0x80) == 0)
        {
            throw new FormatException("The answer belongs to another question.");
        }

        var outcome = message[3] & 0xF;
        if (outcome is not (0 or 3))
        {
            throw new FormatException($"The name server failed ({outcome}).");
        }

        var at = 12;
        for (var i = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(4)); i > 0; i--)
        {
            Name(message, ref at);
            at += 4;
        }

        List<Answer> answers = [];
        for (var i = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(6)); i > 0; i--)
        {
            Name(message, ref at);
            if (at + 10 > message.Length)
            {
                throw new FormatException("The answer is cut off.");
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 8));
            if (at + 10 + length > message.Length)
            {
                throw new FormatException("The answer is cut off.");
            }

            if (BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at)) == type)
            {
                answers.Add(new Answer(message, at + 10, length));
            }

            at += 10 + length;
        }

        return (answers, (message[2] & 2) != 0);
    }

    private static HostAddress ReadHost(Answer answer)
    {
        var at = answer.At + 6;
        return answer.Length > 6
            ? new HostAddress(Name(answer.Message, ref at).ToLowerInvariant(), BinaryPrimitives.ReadUInt16BigEndian(answer.Message.AsSpan(answer.At + 4)))
            : throw new FormatException("An SRV record is too short.");
    }

    private static string ReadText(Answer answer)
    {
        var text = new StringBuilder();
        for (var at = answer.At; at < answer.At + answer.Length; at += 1 + answer.Message[at])
        {
            if (at + 1 + answer.Message[at] > answer.At + answer.Length)
            {
                throw new FormatException("A TXT record is cut off.");
            }

            text.Append(Encoding.ASCII.GetString(answer.Message, at + 1, answer.Message[at]));
        }

        return text.ToString();
    }

    /// <summary>A name, perhaps continued elsewhere in the message; never backwards in circles.</summary>
    private static string Name(byte[] message, ref int at)
    {
        var name = new StringBuilder();
        var here = at;
        var hasJumped = false;
        for (var jumps = 0; ; )
        {
            if (here >= message.Length || jumps > 20)
            {
                throw new FormatException("A name in the answer has no end.");
            }

            int length = message[here];
            if (length >= 0xC0)
            {
                if (here + 1 >= message.Length)
                {
                    throw new FormatException("A name in the answer has no end.");
                }

                at = hasJumped ? at : here + 2;
                here = (length & 0x3F) << 8 | message[here + 1];
                hasJumped = true;
                jumps++;
                continue;
            }

            if (length == 0)
            {
                at = hasJumped ? at : here + 1;
                return name.ToString();
            }

            if (here + 1 + length > message.Length)
            {
                throw new FormatException("A name in the answer has no end.");
            }

            name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(message, here + 1, length));
            here += 1 + length;
        }
    }

    private sealed record Answer(byte[] Message, int At, int Length);
}
