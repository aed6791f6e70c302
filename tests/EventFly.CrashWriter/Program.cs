using EventFly.BuildingBlocks.EventStore;
using EventFly.Storage.Sqlite;

// Appends to a stream until it is killed, and prints each version after the store has acknowledged it.
await using var database = SqliteDatabase.Open(args[0]);
using var outbox = new SqliteOutbox(database, TimeProvider.System);
var store = new SqliteEventStore(database, outbox);
for (var version = 0L; version < 1_000_000; version++)
{
    var commit = new Commit("crash-1", version, Guid.CreateVersion7(), TimeProvider.System.GetUtcNow(), [new NewEvent("written", "{}"u8.ToArray())], []);
    if (await store.Append(commit, CancellationToken.None) is not AppendOutcome.Appended)
    {
        return 1;
    }

    await Console.Out.WriteLineAsync($"{version + 1}");
}

return 0;
