using System.Text;
using EventFly.BuildingBlocks.Copies;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Storage.MongoDb;
using EventFly.Storage.Sqlite;
using EventFly.Testing.MongoDb;

namespace EventFly.BuildingBlocks.Tests.Storage;

/// <summary>From files to MongoDB and back: everything arrives, and what does not is seen.</summary>
public sealed class StoreCopyTests(MongoReplicaSet replicaSet) : IClassFixture<MongoReplicaSet>, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TestClock clock = new();
    private readonly List<string> said = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_store_is_copied_to_MongoDB_and_back_and_is_the_same()
    {
        await Fill(File("one.db"));
        var mongo = Mongo();

        Assert.True(await Copy(Sqlite("one.db"), Open(mongo)), string.Join('\n', said));
        Assert.True(await Copy(Open(mongo), Sqlite("two.db")), string.Join('\n', said));

        await using var back = SqliteFiles.Open(File("two.db"), clock);
        await back.Documents.Declare(Place.Type.Definition, default);
        var places = new Documents<Place>(back.Documents, Place.Type, clock);
        Assert.Equal(["p2"], (await places.Query(new Query([new Where.Eq("tags", "sea"), new Where.Range("built", clock.Now, null)], []), default)).Items.Select(item => item.Id));
        Assert.Equal(3, (await places.Change("gone", _ => new Place("gone", "Again"), default)).Document!.Version);
        Assert.Equal("slug-taken", (await places.Change("p3", _ => new Place("p3", "Bern", Slug: "one"), default)).Refusal?.Code);
        Assert.Equal(AppendOutcome.Conflict, await Append(back, "a-1", 4, 0));
        Assert.Equal(AppendOutcome.Appended, await Append(back, "a-1", 5, 0));
        var waiting = await back.Outbox.Take("me", 100, TimeSpan.FromSeconds(30), default);
        Assert.Equal(["0", "1", "2"], waiting.Where(entry => entry.Aggregate == "a-1").Select(entry => entry.Announcement.Subject));
        Assert.Equal(2, waiting.Count(entry => entry.Aggregate.StartsWith("places/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_copy_that_was_broken_off_goes_on_where_it_was()
    {
        await Fill(File("one.db"));
        var mongo = Mongo();
        await using (var half = Open(mongo))
        {
            await using var from = Sqlite("one.db");
            await foreach (var commit in from.Commits("", default))
            {
                await half.Put([commit], default);
                break;
            }
        }

        Assert.True(await Copy(Sqlite("one.db"), Open(mongo)), string.Join('\n', said));
        Assert.True(await Copy(Sqlite("one.db"), Open(mongo)), string.Join('\n', said));
        Assert.Equal("  commits: 0 copied", said.Last(line => line.StartsWith("  commits:", StringComparison.Ordinal) && line.EndsWith("copied", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_difference_is_found()
    {
        await Fill(File("one.db"));
        var mongo = Mongo();
        await Copy(Sqlite("one.db"), Open(mongo));
        await using (var other = MongoDatabases.Open(mongo, clock))
        {
            await other.Documents.Declare(Place.Type.Definition, default);
            await new Documents<Place>(other.Documents, Place.Type, clock).Change("p1", _ => new Place("p1", "Elsewhere"), default);
        }

        Assert.False(await Copy(Sqlite("one.db"), Open(mongo)));
        Assert.Contains(said, line => line.Contains("places: DIFFERENT", StringComparison.Ordinal));
    }

    private static Task<AppendOutcome> Append(StorageUnderTest store, string stream, long expected, int announcements) => store.Streams.Append(
        new Commit(
            stream,
            expected,
            Guid.CreateVersion7(),
            new DateTimeOffset(2030, 5, 1, 12, 0, 0, 123, TimeSpan.Zero),
            [new NewEvent("said", "{\"n\":0.10}"u8.ToArray())],
            [.. Enumerable.Range(0, announcements).Select(i => new Announcement(Guid.CreateVersion7(), $"{i}", Encoding.UTF8.GetBytes("{}")))]),
        default);

    private async Task Fill(string path)
    {
        await using var store = SqliteFiles.Open(path, clock);
        for (var version = 0; version < 5; version++)
        {
            Assert.Equal(AppendOutcome.Appended, await Append(store, "a-1", version, version == 2 ? 3 : 0));
            Assert.Equal(AppendOutcome.Appended, await Append(store, "a", version, 0));
        }

        await store.Documents.Declare(Place.Type.Definition, default);
        var places = new Documents<Place>(store.Documents, Place.Type, clock);
        await places.Change("p1", _ => Change.To(new Place("p1", "Bern", 1, ["old", "river"], 46.9, 7.0, true, clock.Now.AddDays(-1), null, "one", 0.10m), new PlaceSaid("x")), default);
        await places.Change("p2", _ => Change.To(new Place("p2", null, long.MaxValue, ["sea"], -12.5, 178, false, clock.Now, clock.Now.AddDays(3)), new PlaceSaid("y")), default);
        await places.Change("gone", _ => new Place("gone", "Bern"), default);
        await places.Change("gone", _ => Change.Delete<Place>(), default);
    }

    private string File(string name) => Path.Combine(folder.Path, name);

    private SqliteContents Sqlite(string name) => new(File(name), clock);

    private string Mongo()
    {
        Assert.SkipWhen(MongoServer.WhyNot is not null, MongoServer.WhyNot ?? "");
        return replicaSet.Server.Uri(MongoDatabases.NewName());
    }

    private MongoContents Open(string uri) => new(uri, clock);

    private async Task<bool> Copy(IStoreContents from, IStoreContents to)
    {
        await using (from)
        await using (to)
        {
            return await new StoreCopy(from, to, said.Add).Run(default);
        }
    }
}
