using System.Globalization;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;
using EventFly.CrashWriter;
using EventFly.Storage.Sqlite;

await using var database = SqliteDatabase.Open(args[0]);
using var outbox = new SqliteOutbox(database, TimeProvider.System);
var store = new SqliteEventStore(database, outbox);
switch (args)
{
    case [_, "count", var from, var to]:
        // Beside other processes that do the same on this file. Prints how many it got in.
        var streams = Tally.Open(store);
        var got = 0;
        await Parallel.ForAsync(int.Parse(from, CultureInfo.InvariantCulture), int.Parse(to, CultureInfo.InvariantCulture), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) =>
        {
            Decided<Tally> decided;
            do
            {
                decided = await Tally.Count(streams, $"{number}");
            }
            while (decided.Refusal?.Kind is RefusalKind.Unavailable);

            Interlocked.Add(ref got, decided.Refusal is null ? 1 : 0);
        });
        await Console.Out.WriteLineAsync($"{got}");
        return 0;
    case [_, "die", var name]:
        await Tally.Count(Tally.Open(new LastWords(store)), name);
        return 0;
    default:
        break;
}

// Appends to a stream until it is killed, and prints each version after the store has acknowledged it.
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
