using System.Diagnostics;
using System.Globalization;
using EventFly.Storage.MongoDb;
using EventFly.Storage.MongoDb.Bench;
using EventFly.Storage.MongoDb.Bson;

// What the client alone costs: 32 callers against a server in this process that answers with canned bytes.
const int Callers = 32;
const int LeastInserts = 10_000;
const int LeastFinds = 15_000;
var seconds = args is [var text] && int.TryParse(text, CultureInfo.InvariantCulture, out var wanted) ? wanted : 5;

var document = BsonWriter.Build(commit =>
{
    commit.Value("_id", "inventory-0197f0a1b2c37d4e8f90a1b2c3d4e5f6/000000012345");
    commit.Value("c", Guid.CreateVersion7());
    commit.Value("n", 12345L);
    commit.Value("l", 12345L);
    commit.Value("at", TimeProvider.System.GetUtcNow());
    commit.BeginArray("e");
    commit.BeginDocument();
    commit.Value("n", "tickets-held");
    commit.Value("d", """{"orderId":"0197f0a1-b2c3-7d4e-8f90-a1b2c3d4e5f6","buyerId":"0197f0a1-b2c3-7d4e-8f90-a1b2c3d4e5f7","lines":[{"ticketTypeId":"0197f0a1-b2c3-7d4e-8f90-a1b2c3d4e5f8","quantity":2}]}""");
    commit.End();
    commit.End();
});
using var server = new CannedServer(document);
await using var client = await MongoFactory.Connect($"mongodb://127.0.0.1:{server.Port}/bench?replicaSet=canned", CancellationToken.None);
var find = new MongoFind("commits", BsonWriter.Build(filter => filter.Value("_id", "inventory-0197f0a1b2c37d4e8f90a1b2c3d4e5f6/000000012345")).Bytes) { Limit = 1 };

var inserts = await Measure("insert", () => client.Insert("commits", document.Bytes, CancellationToken.None));
var finds = await Measure("find", async () =>
{
    await foreach (var _ in client.Find(find, CancellationToken.None))
    {
    }
});
return inserts >= LeastInserts && finds >= LeastFinds ? 0 : 1;

async Task<double> Measure(string name, Func<Task> operation)
{
    await Run(operation, TimeSpan.FromSeconds(2));
    var allocated = GC.GetTotalAllocatedBytes(precise: true);
    var processor = Process.GetCurrentProcess().TotalProcessorTime;
    var (latencies, elapsed) = await Run(operation, TimeSpan.FromSeconds(seconds));
    allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
    processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
    Array.Sort(latencies);
    var rate = latencies.Length / elapsed.TotalSeconds;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-7} {rate,9:0} a second with {Callers} callers, p50 {Milliseconds(latencies[latencies.Length / 2]):0.00} ms, p99 {Milliseconds(latencies[latencies.Length * 99 / 100]):0.00} ms, "
        + $"{(double)allocated / latencies.Length:0} bytes allocated and {processor.TotalMicroseconds / latencies.Length:0.0} us of processor each (client and canned server together)"));
    return rate;
}

static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;

static async Task<(long[] Latencies, TimeSpan Elapsed)> Run(Func<Task> operation, TimeSpan time)
{
    var began = Stopwatch.GetTimestamp();
    var each = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
    {
        List<long> mine = new(1 << 18);
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            var from = Stopwatch.GetTimestamp();
            await operation();
            mine.Add(Stopwatch.GetTimestamp() - from);
        }

        return mine;
    })));
    return ([.. each.SelectMany(mine => mine)], Stopwatch.GetElapsedTime(began));
}
