using System.Collections.Immutable;

namespace EventFly.Storage.MongoDb.Client;

internal enum TopologyType
{
    Unknown,
    Single,
    ReplicaSetNoPrimary,
    ReplicaSetWithPrimary,
    Sharded,
}

/// <summary>
/// What is known of all servers together. Each hello makes the next description; nothing else does.
/// https://github.com/mongodb/specifications/blob/master/source/server-discovery-and-monitoring/server-discovery-and-monitoring.md
/// </summary>
internal sealed record TopologyDescription(TopologyType Type, string? SetName, ImmutableDictionary<HostAddress, ServerDescription> Servers)
{
    private const int FirstWithElectionOrder = 17;

    public long? MaxSetVersion { get; private init; }

    public string? MaxElectionId { get; private init; }

    /// <summary>Why no server of it can be used; null when it can.</summary>
    public string? Incompatible => Servers.Values
        .Where(server => server.Type is not ServerType.Unknown)
        .Select(server =>
            server.MinWireVersion > ServerDescription.NewestWireVersion ? $"{server.Address} is newer than this client knows."
            : server.MaxWireVersion < ServerDescription.OldestWireVersion ? $"{server.Address} is older than MongoDB 4.4."
            : null)
        .FirstOrDefault(reason => reason is not null);

    /// <summary>Whether writes are numbered, so that a repeated one is recognised. A standalone server does not remember the numbers.</summary>
    public bool HasRetryableWrites => Servers.Values.Any(server => server.Type is (ServerType.Primary or ServerType.Mongos) && server.SessionMinutes is not null);

    public static TopologyDescription Begin(MongoUri uri) => new(
        uri.DirectConnection == true ? TopologyType.Single : uri.ReplicaSet is not null ? TopologyType.ReplicaSetNoPrimary : TopologyType.Unknown,
        uri.ReplicaSet,
        uri.Hosts.ToImmutableDictionary(host => host, host => new ServerDescription(host)));

    public TopologyDescription Apply(ServerDescription server)
    {
        if (!Servers.TryGetValue(server.Address, out var known) || server.TopologyVersion?.IsOlderThan(known.TopologyVersion) == true)
        {
            return this;
        }

        if (Type is TopologyType.Single)
        {
            return SetName is not null && server.Type is not ServerType.Unknown && server.SetName != SetName
                ? With(new ServerDescription(server.Address) { Error = $"It is no member of the replica set {SetName}." })
                : With(server);
        }

        var next = With(server);
        return (Type, server.Type) switch
        {
            (TopologyType.Unknown, ServerType.Unknown or ServerType.Ghost) => next,
            (TopologyType.Unknown, ServerType.Standalone) => Servers.Count == 1 ? next with { Type = TopologyType.Single } : next.Without(server.Address),
            (TopologyType.Unknown, ServerType.Mongos) => next with { Type = TopologyType.Sharded },
            (TopologyType.Sharded, ServerType.Unknown or ServerType.Mongos) => next,
            (TopologyType.Sharded, _) => next.Without(server.Address),
            (_, ServerType.Unknown or ServerType.Ghost) => next.CheckPrimary(),
            (_, ServerType.Standalone or ServerType.Mongos) => next.Without(server.Address).CheckPrimary(),
            (_, ServerType.Primary) => next.FromPrimary(server),
            (TopologyType.ReplicaSetWithPrimary, _) => next.FromMember(server),
            _ => next.FromMemberWithoutPrimary(server),
        };
    }

    private TopologyDescription With(ServerDescription server) => this with { Servers = Servers.SetItem(server.Address, server) };

    private TopologyDescription Without(HostAddress address) => this with { Servers = Servers.Remove(address) };

    private TopologyDescription CheckPrimary() => this with
    {
        Type = Servers.Values.Any(server => server.Type is ServerType.Primary) ? TopologyType.ReplicaSetWithPrimary : TopologyType.ReplicaSetNoPrimary,
    };

    private TopologyDescription FromPrimary(ServerDescription primary)
    {
        if (SetName is not null && SetName != primary.SetName)
        {
            return Without(primary.Address).CheckPrimary();
        }

        var next = this with { SetName = primary.SetName };
        if (primary.MaxWireVersion >= FirstWithElectionOrder)
        {
            var election = string.CompareOrdinal(primary.ElectionId, MaxElectionId);
            if (election < 0 || (election == 0 && (primary.SetVersion ?? -1) < (MaxSetVersion ?? -1)))
            {
                return next.Stale(primary);
            }

            next = next with { MaxElectionId = primary.ElectionId, MaxSetVersion = primary.SetVersion };
        }
        else
        {
            if (primary is { SetVersion: { } setVersion, ElectionId: { } electionId })
            {
                if (MaxSetVersion is { } maxVersion && MaxElectionId is { } maxElection
                    && (maxVersion > setVersion || (maxVersion == setVersion && string.CompareOrdinal(maxElection, electionId) > 0)))
                {
                    return next.Stale(primary);
                }

                next = next with { MaxElectionId = electionId };
            }

            if (primary.SetVersion is { } version && (next.MaxSetVersion is null || version > next.MaxSetVersion))
            {
                next = next with { MaxSetVersion = version };
            }
        }

        var servers = next.Servers;
        foreach (var other in servers.Values.Where(other => other.Address != primary.Address && other.Type is ServerType.Primary))
        {
            servers = servers.SetItem(other.Address, new ServerDescription(other.Address) { Error = "Another member is primary now." });
        }

        foreach (var member in primary.Members.Where(member => !servers.ContainsKey(member)))
        {
            servers = servers.Add(member, new ServerDescription(member));
        }

        return (next with { Servers = servers.RemoveRange(servers.Keys.Where(address => !primary.Members.Contains(address))) }).CheckPrimary();
    }

    private TopologyDescription Stale(ServerDescription primary) =>
        With(new ServerDescription(primary.Address) { Error = "It was primary before another member." }).CheckPrimary();

    private TopologyDescription FromMemberWithoutPrimary(ServerDescription member)
    {
        if (SetName is not null && SetName != member.SetName)
        {
            return Without(member.Address) with { Type = TopologyType.ReplicaSetNoPrimary };
        }

        var servers = Servers;
        foreach (var other in member.Members.Where(other => !servers.ContainsKey(other)))
        {
            servers = servers.Add(other, new ServerDescription(other));
        }

        var next = this with { Type = TopologyType.ReplicaSetNoPrimary, SetName = member.SetName, Servers = servers };
        return member.Me is { } me && me != member.Address ? next.Without(member.Address) : next;
    }

    private TopologyDescription FromMember(ServerDescription member) =>
        SetName != member.SetName || (member.Me is { } me && me != member.Address) ? Without(member.Address).CheckPrimary() : CheckPrimary();
}
