using EventFly.Storage.MongoDb.Bson;

namespace EventFly.Storage.MongoDb.Client;

internal enum ServerType
{
    Unknown,
    Standalone,
    Mongos,
    Primary,
    Secondary,
    Arbiter,
    OtherMember,
    Ghost,
}

/// <summary>How often a server's state has changed, in the life of one of its processes.</summary>
internal sealed record TopologyVersion(string Process, long Counter)
{
    public static TopologyVersion? Read(BsonDocument? from) => from is { } document && document.Find("processId") is { Type: BsonType.ObjectId } process
        ? new TopologyVersion(Convert.ToHexString(process.Bytes.Span), document.Integer("counter"))
        : null;

    public bool IsOlderThan(TopologyVersion? other) => other is not null && other.Process == Process && Counter < other.Counter;

    public void Write(BsonWriter writer)
    {
        writer.BeginDocument("topologyVersion");
        writer.Copy("processId", new BsonValue(BsonType.ObjectId, Convert.FromHexString(Process)));
        writer.Value("counter", Counter);
        writer.End();
    }
}

/// <summary>What is known of one server, from its last hello.</summary>
internal sealed record ServerDescription(HostAddress Address, ServerType Type = ServerType.Unknown)
{
    /// <summary>MongoDB 4.4: the oldest that labels its errors and says hello.</summary>
    public const int OldestWireVersion = 9;

    public const int NewestWireVersion = 30;

    public string? SetName { get; init; }

    public HostAddress? Me { get; init; }

    public IReadOnlyList<HostAddress> Members { get; init; } = [];

    public long? SetVersion { get; init; }

    /// <summary>Twelve bytes in hexadecimal digits, so that text order is their order.</summary>
    public string? ElectionId { get; init; }

    public TopologyVersion? TopologyVersion { get; init; }

    public int MinWireVersion { get; init; }

    public int MaxWireVersion { get; init; }

    public int? SessionMinutes { get; init; }

    public int MaxDocumentBytes { get; init; } = 16 * 1024 * 1024;

    public string? Error { get; init; }

    public bool IsWritable => Type is ServerType.Standalone or ServerType.Mongos or ServerType.Primary;

    public static ServerDescription Read(HostAddress address, BsonDocument hello)
    {
        if (!hello.Flag("ok"))
        {
            return new ServerDescription(address) { Error = hello.Text("errmsg") ?? "It refused to say what it is." };
        }

        var setName = hello.Text("setName");
        var type = hello.Text("msg") == "isdbgrid" ? ServerType.Mongos
            : hello.Flag("isreplicaset") ? ServerType.Ghost
            : setName is null ? ServerType.Standalone
            : hello.Flag("isWritablePrimary") || hello.Flag("ismaster") ? ServerType.Primary
            : hello.Flag("hidden") ? ServerType.OtherMember
            : hello.Flag("secondary") ? ServerType.Secondary
            : hello.Flag("arbiterOnly") ? ServerType.Arbiter
            : ServerType.OtherMember;
        return new ServerDescription(address, type)
        {
            SetName = setName,
            Me = hello.Text("me") is { } me ? HostAddress.Parse(me) : null,
            Members = [.. hello.Texts("hosts").Concat(hello.Texts("passives")).Concat(hello.Texts("arbiters")).Select(HostAddress.Parse)],
            SetVersion = hello.Find("setVersion") is { IsNumber: true } version ? version.AsInt64() : null,
            ElectionId = hello.Find("electionId") is { Type: BsonType.ObjectId } election ? Convert.ToHexString(election.Bytes.Span) : null,
            TopologyVersion = TopologyVersion.Read(hello.Document("topologyVersion")),
            MinWireVersion = (int)hello.Integer("minWireVersion"),
            MaxWireVersion = (int)hello.Integer("maxWireVersion"),
            SessionMinutes = hello.Find("logicalSessionTimeoutMinutes") is { IsNumber: true } minutes ? (int)minutes.AsInt64() : null,
            MaxDocumentBytes = (int)hello.Integer("maxBsonObjectSize", 16 * 1024 * 1024),
        };
    }
}
