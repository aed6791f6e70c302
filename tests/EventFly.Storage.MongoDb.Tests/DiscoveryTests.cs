using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EventFly.Storage.MongoDb.Bson;
using EventFly.Storage.MongoDb.Client;

namespace EventFly.Storage.MongoDb.Tests;

/// <summary>Connection strings, DNS, and what a client makes of the servers' answers.</summary>
public sealed class DiscoveryTests
{
    [Fact]
    public void A_whole_connection_string_is_read()
    {
        var uri = MongoUri.Parse("mongodb://me:p%40ss%2Fword@One.example:27018,[::1]:27019,three/events-db?replicaSet=rs0&tls=true&maxPoolSize=7&w=2&authSource=admin&socketTimeoutMS=1500");

        Assert.Equal([new HostAddress("one.example", 27018), new HostAddress("::1", 27019), new HostAddress("three", 27017)], uri.Hosts);
        Assert.Equal(("me", "p@ss/word", "events-db", "rs0", "admin"), (uri.User, uri.Password, uri.Database, uri.ReplicaSet, uri.AuthSource));
        Assert.Equal((true, 7, "2", TimeSpan.FromMilliseconds(1500)), (uri.Tls, uri.MaxPoolSize, uri.WriteConcern, uri.SocketTimeout));
        Assert.DoesNotContain("p@ss", uri.ToString());
    }

    [Theory]
    [InlineData("http://host/x", "begins neither")]
    [InlineData("mongodb:///x", "names no host")]
    [InlineData("mongodb://host:0/x", "no number from 1")]
    [InlineData("mongodb://host:70000/x", "no number from 1")]
    [InlineData("mongodb://host,host/x", "twice")]
    [InlineData("mongodb://u:p@ss@host/x", "percent-encoded")]
    [InlineData("mongodb://u:p%zz@host/x", "percent sign")]
    [InlineData("mongodb://u@host/x", "no password")]
    [InlineData("mongodb://host/x?tls", "no value")]
    [InlineData("mongodb://host/x?tls=", "empty")]
    [InlineData("mongodb://host/x?tls=yes", "true or false")]
    [InlineData("mongodb://host/x?tsl=true", "not known")]
    [InlineData("mongodb://host/x?w=1&w=2", "twice")]
    [InlineData("mongodb://host/x?w=0", "from 1")]
    [InlineData("mongodb://host/x?readPreference=nearest", "primary")]
    [InlineData("mongodb://host/x?tlsCAFile=a.pem", "needs tls=true")]
    [InlineData("mongodb://host/x?minPoolSize=5&maxPoolSize=2", "larger")]
    [InlineData("mongodb://a,b/x?directConnection=true", "exactly one")]
    [InlineData("mongodb://%2Ftmp%2Fmongodb.sock/x", "Unix sockets")]
    [InlineData("mongodb+srv://host/x", "three parts")]
    [InlineData("mongodb+srv://db.example.com:1/x", "no port")]
    public void What_cannot_be_used_is_said_in_a_sentence(string text, string reason)
    {
        var refused = Assert.Throws<FormatException>(() => MongoUri.Parse(text));

        Assert.Contains(reason, refused.Message);
        Assert.DoesNotContain("p@ss", refused.Message);
    }

    [Fact]
    public async Task The_servers_of_a_srv_name_come_from_DNS()
    {
        await using var dns = new FakeDns();
        dns.Srv["_mongodb._tcp.db.example.com"] = [("one.example.com", 27018), ("two.example.com", 27019)];
        dns.Txt["db.example.com"] = ["authSource=users&replicaSet=rs1"];

        var uri = await SrvLookup.Resolve(MongoUri.Parse("mongodb+srv://me:word@db.example.com/events"), [dns.Address], default);

        Assert.Equal([new HostAddress("one.example.com", 27018), new HostAddress("two.example.com", 27019)], uri.Hosts);
        Assert.Equal(("rs1", "events", true), (uri.ReplicaSet, uri.Database, uri.Tls));
        Assert.Equal("users", uri.AuthSource);
    }

    [Fact]
    public async Task A_server_outside_of_the_names_domain_is_refused()
    {
        await using var dns = new FakeDns();
        dns.Srv["_mongodb._tcp.db.example.com"] = [("evil.example.org", 27018)];

        var refused = await Assert.ThrowsAsync<FormatException>(() => SrvLookup.Resolve(MongoUri.Parse("mongodb+srv://db.example.com/events"), [dns.Address], default));

        Assert.Contains("evil.example.org", refused.Message);
    }

    [Fact]
    public void A_stale_primary_is_not_believed()
    {
        var uri = MongoUri.Parse("mongodb://a,b/x?replicaSet=rs");
        var old = Hello("a", "a,b", election: 1, isPrimary: true);
        var now = Hello("b", "a,b", election: 2, isPrimary: true);

        var known = TopologyDescription.Begin(uri).Apply(old).Apply(now).Apply(old);

        Assert.Equal(ServerType.Unknown, known.Servers[new HostAddress("a", 27017)].Type);
        Assert.Equal(ServerType.Primary, known.Servers[new HostAddress("b", 27017)].Type);
        Assert.Equal(TopologyType.ReplicaSetWithPrimary, known.Type);
    }

    /// <summary>The specification's own cases: https://github.com/mongodb/specifications/tree/master/source/server-discovery-and-monitoring/tests.</summary>
    [Fact]
    public void The_specifications_discovery_cases_come_out_as_it_says()
    {
        var (cases, wrong) = (0, new List<string>());
        foreach (var folder in (string[])["rs", "sharded", "single"])
        {
            foreach (var (file, test) in Specifications.Files($"server-discovery-and-monitoring/tests/{folder}"))
            {
                if (Beginning(test.GetProperty("uri").GetString()!) is not { } known)
                {
                    continue;
                }

                cases++;
                foreach (var phase in test.Array("phases"))
                {
                    known = phase.Array("responses").Aggregate(known, (before, response) => before.Apply(Answer(response)));
                    if (Difference(known, phase.GetProperty("outcome")) is { } difference)
                    {
                        wrong.Add($"{folder}/{file}: {difference}");
                        break;
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.True(cases > 50);
    }

    /// <summary>https://github.com/mongodb/specifications/tree/master/source/connection-string/tests. What is refused on purpose is listed.</summary>
    [Fact]
    public void The_specifications_connection_strings_are_read_as_it_says()
    {
        string[] onPurpose = ["Unix sockets", "authMechanism", "not known", "no password", "twice", "empty", "no value", "name has a character", "true or false", "whole number", "readPreference"];
        var (cases, wrong) = (0, new List<string>());
        foreach (var (file, tests) in Specifications.Files("connection-string/tests"))
        {
            foreach (var test in tests.Array("tests"))
            {
                cases++;
                var text = test.GetProperty("uri").GetString()!;
                var isValid = test.GetProperty("valid").GetBoolean();
                try
                {
                    var read = MongoUri.Parse(text);
                    if (!isValid)
                    {
                        wrong.Add($"{file}: {text} was read");
                    }
                    else if (!read.IsSrv && test.Array("hosts").ToArray() is { Length: > 0 } hosts
                        && !hosts.Select(host => (host.GetProperty("host").GetString()!.ToLowerInvariant(), host.GetProperty("port").ValueKind is JsonValueKind.Number ? host.GetProperty("port").GetInt32() : 27017))
                            .SequenceEqual(read.Hosts.Select(host => (host.Host, host.Port))))
                    {
                        wrong.Add($"{file}: {text} leads to {read}");
                    }
                }
                catch (FormatException refused)
                {
                    if (isValid && !onPurpose.Any(reason => refused.Message.Contains(reason, StringComparison.OrdinalIgnoreCase)))
                    {
                        wrong.Add($"{file}: {text} was refused: {refused.Message}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.True(cases > 50);
    }

    private static TopologyDescription? Beginning(string uri)
    {
        try
        {
            return TopologyDescription.Begin(MongoUri.Parse(uri));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static ServerDescription Hello(string host, string members, int election, bool isPrimary) => ServerDescription.Read(
        new HostAddress(host, 27017),
        BsonWriter.Build(hello =>
        {
            hello.Value("ok", 1);
            hello.Value("isWritablePrimary", isPrimary);
            hello.Value("setName", "rs");
            hello.Array("hosts", members.Split(',').Select(member => (object)$"{member}:27017"));
            hello.Value("setVersion", 1);
            hello.Copy("electionId", new BsonValue(BsonType.ObjectId, (byte[])[.. new byte[11], (byte)election]));
            hello.Value("maxWireVersion", 21);
        }));

    private static ServerDescription Answer(JsonElement response)
    {
        var address = HostAddress.Parse(response[0].GetString()!);
        return response[1].EnumerateObject().Any() ? ServerDescription.Read(address, BsonWriter.Build(writer => Write(writer, response[1]))) : new ServerDescription(address);
    }

    private static void Write(BsonWriter writer, JsonElement document)
    {
        foreach (var property in document.EnumerateObject())
        {
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.String: writer.Value(property.Name, property.Value.GetString()!); break;
                case JsonValueKind.True or JsonValueKind.False: writer.Value(property.Name, property.Value.GetBoolean()); break;
                case JsonValueKind.Number: writer.Value(property.Name, property.Value.GetInt64()); break;
                case JsonValueKind.Null: writer.Null(property.Name); break;
                case JsonValueKind.Array: writer.Array(property.Name, property.Value.EnumerateArray().Select(object? (item) => item.GetString())); break;
                case JsonValueKind.Object when property.Value.TryGetProperty("$oid", out var oid):
                    writer.Copy(property.Name, new BsonValue(BsonType.ObjectId, Convert.FromHexString(oid.GetString()!)));
                    break;
                case JsonValueKind.Object when property.Value.TryGetProperty("$numberLong", out var number):
                    writer.Value(property.Name, long.Parse(number.GetString()!, System.Globalization.CultureInfo.InvariantCulture));
                    break;
                case JsonValueKind.Object:
                    writer.BeginDocument(property.Name);
                    Write(writer, property.Value);
                    writer.End();
                    break;
            }
        }
    }

    private static string? Difference(TopologyDescription known, JsonElement outcome)
    {
        var type = outcome.GetProperty("topologyType").GetString();
        if (type != known.Type.ToString())
        {
            return $"{known.Type} instead of {type}";
        }

        var expected = outcome.GetProperty("servers").EnumerateObject()
            .Select(server => $"{HostAddress.Parse(server.Name)}={Word(server.Value.GetProperty("type").GetString()!)}").Order(StringComparer.Ordinal);
        var found = known.Servers.Values.Select(server => $"{server.Address}={server.Type}").Order(StringComparer.Ordinal);
        return expected.SequenceEqual(found) ? null : $"{string.Join(' ', found)} instead of {string.Join(' ', expected)}";
    }

    private static string Word(string type) => type switch
    {
        "RSPrimary" => nameof(ServerType.Primary),
        "RSSecondary" => nameof(ServerType.Secondary),
        "RSArbiter" => nameof(ServerType.Arbiter),
        "RSOther" => nameof(ServerType.OtherMember),
        "RSGhost" => nameof(ServerType.Ghost),
        // A member that another one calls primary is not known before it says so itself.
        "PossiblePrimary" => nameof(ServerType.Unknown),
        _ => type,
    };

    /// <summary>Answers SRV and TXT questions over UDP on loopback.</summary>
    private sealed class FakeDns : IAsyncDisposable
    {
        private readonly UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, 0));
        private readonly Task answering;

        public FakeDns() => answering = Task.Run(Answer);

        public IPEndPoint Address => (IPEndPoint)socket.Client.LocalEndPoint!;

        public Dictionary<string, (string Host, int Port)[]> Srv { get; } = [];

        public Dictionary<string, string[]> Txt { get; } = [];

        public async ValueTask DisposeAsync()
        {
            socket.Dispose();
            await answering;
        }

        private static byte[] Name(string name) => [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

        private static byte[] Record(byte type, byte[] data) => [0xC0, 12, 0, type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data];

        private async Task Answer()
        {
            try
            {
                while (true)
                {
                    var question = await socket.ReceiveAsync();
                    var end = Array.IndexOf(question.Buffer, (byte)0, 12);
                    var labels = new List<string>();
                    for (var at = 12; at < end; at += 1 + question.Buffer[at])
                    {
                        labels.Add(Encoding.ASCII.GetString(question.Buffer, at + 1, question.Buffer[at]));
                    }

                    var name = string.Join('.', labels);
                    byte[][] records = question.Buffer[end + 2] == 33
                        ? [.. Srv.GetValueOrDefault(name, []).Select(srv => Record(33, [0, 0, 0, 0, (byte)(srv.Port >> 8), (byte)srv.Port, .. Name(srv.Host)]))]
                        : [.. Txt.GetValueOrDefault(name, []).Select(text => Record(16, [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)]))];
                    byte[] answer = [.. question.Buffer[..2], 0x81, 0x80, 0, 1, 0, (byte)records.Length, 0, 0, 0, 0, .. question.Buffer[12..(end + 5)], .. records.SelectMany(record => record)];
                    await socket.SendAsync(answer, question.RemoteEndPoint);
                }
            }
            catch (Exception over) when (over is ObjectDisposedException or SocketException)
            {
                // The test is over.
            }
        }
    }
}
