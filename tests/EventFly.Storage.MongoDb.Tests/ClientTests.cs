using System.Diagnostics;
using EventFly.Storage.MongoDb.Bson;
using EventFly.Testing.MongoDb;

namespace EventFly.Storage.MongoDb.Tests;

/// <summary>The seven operations, over the wire.</summary>
public sealed class ClientTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_transaction_happens_whole_or_not_at_all()
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet());
        await using var client = await MongoFactory.Connect(server.Uri("money"), Ct);
        await client.Insert("accounts", One("a", 1), Ct);

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.Transaction(
            async inside =>
            {
                await inside.Insert("accounts", One("b", 1), Ct);
                throw new InvalidOperationException("Not this one.");
            },
            Ct));
        Assert.Equal(["a"], await Ids(client));

        await client.Transaction(
            async inside =>
            {
                await inside.Insert("accounts", One("b", 1), Ct);
                await inside.Insert("accounts", One("c", 1), Ct);
            },
            Ct);
        Assert.Equal(["a", "b", "c"], await Ids(client));
    }

    [Fact]
    public async Task A_long_answer_is_fetched_as_it_is_read_and_given_back_when_it_is_not()
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet(1));
        await using var client = await MongoFactory.Connect(server.Uri("long"), Ct);
        for (var i = 0; i < 250; i++)
        {
            await client.Insert("accounts", One($"{i:000}", i), Ct);
        }

        Assert.Equal(250, (await Ids(client)).Count);
        Assert.Equal(2, await server.Count("getMore"));

        await foreach (var _ in client.Find(new MongoFind("accounts", BsonDocument.Empty.Bytes), Ct))
        {
            break;
        }

        Assert.Equal(1, await server.Count("killCursors"));
    }

    [Fact]
    public async Task Find_and_modify_answers_with_what_is_there_then_and_with_nothing_when_none_matched()
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet(1));
        await using var client = await MongoFactory.Connect(server.Uri("modify"), Ct);
        await client.Insert("accounts", One("a", 1), Ct);

        var found = await client.FindAndModify("accounts", new MongoUpdate(ById("a"), Set("n", 2)), Ct);

        Assert.Equal(2, new BsonDocument(found!.Value)["n"].AsInt64());
        Assert.Null(await client.FindAndModify("accounts", new MongoUpdate(ById("b"), Set("n", 2)), Ct));
        Assert.Equal(1, await client.Delete("accounts", ById("a"), all: false, Ct));
        Assert.Equal(0, await client.Delete("accounts", ById("a"), all: false, Ct));
    }

    [Fact]
    public async Task A_violated_index_is_named_and_the_key_is_not()
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet(1));
        await using var client = await MongoFactory.Connect(server.Uri("keys"), Ct);
        await client.Insert("accounts", One("private-key", 1), Ct);

        var taken = await Assert.ThrowsAsync<MongoException>(() => client.Insert("accounts", One("private-key", 2), Ct));

        Assert.Equal((MongoFailure.DuplicateKey, 11000, "_id_"), (taken.Failure, taken.Code, taken.Index));
        Assert.DoesNotContain("private-key", taken.ToString());
    }

    [Fact]
    public async Task Spans_say_what_was_done_where_and_nothing_secret()
    {
        List<Activity> spans = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "EventFly.Storage.MongoDb" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet(1, "--user", "me:secretpassword"));
        await using var client = await MongoFactory.Connect(server.Uri("seen", "authSource=admin", "me:secretpassword@"), Ct);
        using var source = new ActivitySource("test");
        using (source.StartActivity("request"))
        {
            await client.Insert("accounts", One("a", 1), Ct);
            await Assert.ThrowsAsync<MongoException>(() => client.Insert("accounts", One("a", 1), Ct));
        }

        var inserts = spans.Where(span => span.DisplayName == "insert accounts").ToArray();
        Assert.Equal(2, inserts.Length);
        var tags = inserts[0].TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value?.ToString());
        Assert.Equal(("mongodb", "seen", "insert", "accounts", "127.0.0.1"), (tags["db.system.name"], tags["db.namespace"], tags["db.operation.name"], tags["db.collection.name"], tags["server.address"]));
        Assert.Equal("11000", inserts[1].GetTagItem("error.type"));
        Assert.All(spans, span => Assert.DoesNotContain("secretpassword", string.Join(' ', span.TagObjects.Select(tag => $"{tag.Value}")) + span.StatusDescription));
        Assert.DoesNotContain("secretpassword", client.Address);
    }

    private static ReadOnlyMemory<byte> One(string id, long n) => BsonWriter.Build(document =>
    {
        document.Value("_id", id);
        document.Value("n", n);
    }).Bytes;

    private static ReadOnlyMemory<byte> ById(string id) => BsonWriter.Build(filter => filter.Value("_id", id)).Bytes;

    private static ReadOnlyMemory<byte> Set(string name, long value) => BsonWriter.Build(update =>
    {
        update.BeginDocument("$set");
        update.Value(name, value);
        update.End();
    }).Bytes;

    private static async Task<List<string>> Ids(IMongo client)
    {
        List<string> ids = [];
        await foreach (var document in client.Find(new MongoFind("accounts", BsonDocument.Empty.Bytes) { Sort = BsonWriter.Build(sort => sort.Value("_id", 1)).Bytes }, Ct))
        {
            ids.Add(new BsonDocument(document)["_id"].AsString());
        }

        return ids;
    }
}
