using EventFly.BuildingBlocks.EventStore;
using EventFly.Storage.MongoDb;
using EventFly.Testing.MongoDb;

namespace EventFly.BuildingBlocks.Tests.Storage;

/// <summary>One replica set of three for all tests of a class; each test has a database of its own.</summary>
public sealed class MongoReplicaSet : IAsyncLifetime
{
    private MongoServer? server;

    public MongoServer Server => server ?? throw new InvalidOperationException("It has not been started.");

    public async ValueTask InitializeAsync() => server = MongoServer.WhyNot is null ? await MongoServer.ReplicaSet() : null;

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
}

public sealed class MongoDbStreamTests(MongoReplicaSet replicaSet) : StreamContract, IClassFixture<MongoReplicaSet>
{
    private readonly string database = MongoDatabases.NewName();

    [Fact]
    public async Task What_another_process_commits_wakes_the_relay_by_the_change_stream()
    {
        await using var other = await Open();
        var waiting = Store.Outbox.Wait(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);

        // Each commit is news of its own: the first ones may come before anybody listens.
        for (var i = 0; !waiting.IsCompleted; i++)
        {
            await other.Streams.Append(new($"a-{i}", 0, Guid.CreateVersion7(), Clock.Now, [new("said", "{}"u8.ToArray())], [Message($"a-{i}")]), default);
            await Task.WhenAny(waiting, Task.Delay(200, TestContext.Current.CancellationToken));
            Assert.True(i < 100);
        }

        await waiting;
    }

    [Fact]
    public async Task Of_one_stream_the_earlier_commit_is_announced_first_whatever_the_clocks_said()
    {
        await Announce("a-1", 0, "first");
        Clock.Now -= TimeSpan.FromMinutes(1);
        await Announce("a-1", 1, "second");
        await Announce("b-1", 0, "third");

        var taken = await Store.Outbox.Take("me", 10, TimeSpan.FromSeconds(30), default);
        var one = await Store.Outbox.Take("me", 1, TimeSpan.FromSeconds(30), default);

        Assert.Equal(["b-1/third", "a-1/first", "a-1/second"], taken.Select(entry => $"{entry.Aggregate}/{entry.Announcement.Subject}"));
        Assert.NotEqual("second", one.Single().Announcement.Subject);
    }

    protected override async Task<StorageUnderTest> Open()
    {
        Assert.SkipWhen(MongoServer.WhyNot is not null, MongoServer.WhyNot ?? "");
        return await Task.FromResult(MongoDatabases.Open(replicaSet.Server.Uri(database), Clock));
    }

    private Task<AppendOutcome> Announce(string stream, long expected, string subject) => Append(new(
        stream, expected, Guid.CreateVersion7(), Clock.Now, [new("said", "{}"u8.ToArray())], [new(Guid.CreateVersion7(), subject, "{}"u8.ToArray())]));
}

public sealed class MongoDbDocumentTests(MongoReplicaSet replicaSet) : DocumentContract, IClassFixture<MongoReplicaSet>
{
    private readonly string database = MongoDatabases.NewName();

    protected override async Task<StorageUnderTest> Open()
    {
        Assert.SkipWhen(MongoServer.WhyNot is not null, MongoServer.WhyNot ?? "");
        return await Task.FromResult(MongoDatabases.Open(replicaSet.Server.Uri(database), Clock));
    }
}

public sealed class RealMongoDbStreamTests : StreamContract
{
    private readonly string database = MongoDatabases.NewName();

    protected override Task<StorageUnderTest> Open() => Task.FromResult(MongoDatabases.Open(MongoDatabases.Real(database), Clock));

    protected override Task CleanUp() => MongoDatabases.DropReal(database);
}

public sealed class RealMongoDbDocumentTests : DocumentContract
{
    private readonly string database = MongoDatabases.NewName();

    protected override Task<StorageUnderTest> Open() => Task.FromResult(MongoDatabases.Open(MongoDatabases.Real(database), Clock));

    protected override Task CleanUp() => MongoDatabases.DropReal(database);
}

internal static class MongoDatabases
{
    private static readonly string? Server = Environment.GetEnvironmentVariable("MONGO_URI");

    public static string NewName() => $"test-{Guid.CreateVersion7():N}";

    /// <summary>A database of the server that MONGO_URI names.</summary>
    public static string Real(string database)
    {
        Assert.SkipWhen(string.IsNullOrEmpty(Server), "MONGO_URI names no MongoDB server: nothing ran on a real one.");
        var (hosts, options) = Server!.Split('?', 2) is [var before, var after] ? (before, "?" + after) : (Server, "");
        var slash = hosts.IndexOf('/', hosts.IndexOf("://", StringComparison.Ordinal) + 3);
        return $"{(slash < 0 ? hosts : hosts[..slash])}/{database}{options}";
    }

    public static async Task DropReal(string database)
    {
        if (!string.IsNullOrEmpty(Server))
        {
            await using var client = await MongoFactory.Connect(Real(database), default);
            // {dropDatabase: 1}
            await client.Command((byte[])[23, 0, 0, 0, 0x10, .. "dropDatabase\0"u8, 1, 0, 0, 0, 0], mayRepeat: true, default);
        }
    }

    public static StorageUnderTest Open(string uri, TimeProvider clock)
    {
        var database = MongoDatabase.Open(uri);
        var outbox = new MongoOutbox(database, clock);
        return new StorageUnderTest(
            new MongoEventStore(database, outbox),
            new MongoDocumentStore(database, outbox, clock),
            outbox,
            async () =>
            {
                await outbox.DisposeAsync();
                await database.DisposeAsync();
            })
        {
            Snapshots = new MongoSnapshotStore(database, clock),
        };
    }
}
