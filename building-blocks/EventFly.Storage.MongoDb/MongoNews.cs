using System.Diagnostics.Metrics;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Storage.MongoDb.Bson;
using EventFly.Storage.MongoDb.Client;

namespace EventFly.Storage.MongoDb;

/// <summary>
/// Hears of announcements that other processes commit, by a change stream over the database. Where it was is kept in the database, so that what happens while
/// nobody listens is heard afterwards. A deployment without change streams (one standalone server) and sharded clusters are polled instead.
/// </summary>
internal sealed class MongoNews : IAsyncDisposable
{
    private static readonly Meter Meter = new(MongoTelemetry.Name);

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "eventfly.mongodb.change_stream.failures", "{failure}", "Times that a change stream ended and the relay went back to polling for a moment.");

    private const int HistoryLost = 286;
    private const int FatalError = 280;
    private const int CursorNotFound = 43;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeepEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private readonly MongoDatabase database;
    private readonly TimeProvider clock;
    private readonly Action wake;
    private readonly CancellationTokenSource stop = new();
    private readonly Task listening;

    public MongoNews(MongoDatabase database, TimeProvider clock, Action wake)
    {
        (this.database, this.clock, this.wake) = (database, clock, wake);
        listening = Task.Run(Listen);
    }

    /// <summary>Whether news would be heard now.</summary>
    public bool IsListening { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task Listen()
    {
        while (!stop.IsCancellationRequested)
        {
            var pause = Pause;
            try
            {
                if (await HasChangeStreams())
                {
                    await Follow();
                }
                else
                {
                    pause = LookAgain;
                }
            }
            catch (MongoException failure) when (failure.Code is HistoryLost or FatalError)
            {
                await Forget();
            }
            catch (Exception failure) when (failure is MongoException or StorageUnavailableException or BsonException)
            {
                // Polled until it can be followed again.
                Failures.Add(1, new KeyValuePair<string, object?>("db.namespace", database.Name));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            finally
            {
                IsListening = false;
            }

            await Task.Delay(pause, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> HasChangeStreams()
    {
        var hello = await database.Command(BsonWriter.Build(command => command.Value("hello", 1)), stop.Token);
        return hello.Find("setName") is not null;
    }

    private async Task Follow()
    {
        var token = await Kept();
        var cursor = (await database.Command(Open(token), stop.Token)).Document("cursor") ?? throw new BsonException("A change stream has no cursor.");
        IsListening = true;
        // What was committed before it began to listen.
        wake();
        var kept = clock.GetTimestamp();
        var id = cursor["id"].AsInt64();
        var collection = cursor.Text("ns") is { } ns ? ns[(ns.IndexOf('.') + 1)..] : "$cmd.aggregate";
        while (id != 0)
        {
            if (cursor.Documents("firstBatch").Concat(cursor.Documents("nextBatch")).Any())
            {
                wake();
            }

            token = cursor.Document("postBatchResumeToken") ?? token;
            if (token is { } reached && clock.GetElapsedTime(kept) > KeepEvery)
            {
                await Keep(reached);
                kept = clock.GetTimestamp();
            }

            cursor = await Next(id, collection);
            id = cursor["id"].AsInt64();
        }
    }

    private async Task<BsonDocument> Next(long id, string collection)
    {
        var more = BsonWriter.Build(command =>
        {
            command.Value("getMore", id);
            command.Value("collection", collection);
            command.Value("maxTimeMS", 5_000);
        });
        try
        {
            // A lost batch is read again from the last token.
            return await database.Ask(async client => new BsonDocument(await client.Command(more.Bytes, mayRepeat: false, stop.Token)), stop.Token) is var reply
                && reply.Document("cursor") is { } cursor ? cursor : throw new BsonException("A change stream has no cursor.");
        }
        catch (MongoException failure) when (failure.Code == CursorNotFound)
        {
            throw new StorageUnavailableException("The change stream's server has changed.", failure);
        }
    }

    private static BsonDocument Open(BsonDocument? after) => BsonWriter.Build(command =>
    {
        command.Value("aggregate", 1);
        command.BeginArray("pipeline");
        command.BeginDocument();
        command.BeginDocument("$changeStream");
        if (after is { } token)
        {
            command.Value("resumeAfter", token);
        }

        command.End();
        command.End();
        command.BeginDocument();
        command.BeginDocument("$match");
        command.BeginArray("$or");
        foreach (var place in (string[])["fullDocument.p", "updateDescription.updatedFields.p"])
        {
            command.BeginDocument();
            command.BeginDocument(place);
            command.Value("$exists", true);
            command.End();
            command.End();
        }

        command.End();
        command.End();
        command.End();
        command.BeginDocument();
        command.BeginDocument("$project");
        command.Value("_id", 1);
        command.End();
        command.End();
        command.End();
        command.BeginDocument("cursor");
        command.End();
    });

    private async Task<BsonDocument?> Kept()
    {
        var kept = await database.Find(new MongoFind(MongoDatabase.Relay, BsonWriter.Build(filter => filter.Value("_id", "news")).Bytes) { Limit = 1 }, stop.Token);
        return kept is [var document] ? document.Document("token") : null;
    }

    private Task<long> Keep(BsonDocument token) => database.Ask(
        client => client.Update(
            MongoDatabase.Relay,
            [
                new MongoUpdate(
                    BsonWriter.Build(filter => filter.Value("_id", "news")).Bytes,
                    BsonWriter.Build(change =>
                    {
                        change.BeginDocument("$set");
                        change.Value("token", token);
                        change.End();
                    }).Bytes,
                    Upsert: true),
            ],
            stop.Token),
        stop.Token);

    private async Task Forget()
    {
        try
        {
            await database.Ask(
                client => client.Delete(MongoDatabase.Relay, BsonWriter.Build(filter => filter.Value("_id", "news")).Bytes, all: false, stop.Token), stop.Token);
        }
        catch (Exception failure) when (failure is MongoException or StorageUnavailableException or OperationCanceledException)
        {
            // The next round finds it again and comes here again.
        }
    }
}
