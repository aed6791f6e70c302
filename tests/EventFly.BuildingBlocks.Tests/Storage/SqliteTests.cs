using System.Diagnostics;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Storage.Sqlite;

namespace EventFly.BuildingBlocks.Tests.Storage;

public sealed class SqliteStreamTests : StreamContract
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task What_was_acknowledged_survives_the_kill_of_the_process()
    {
        var path = Path.Combine(folder.Path, "crash.db");
        var acknowledged = 0L;
        using (var writer = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "EventFly.CrashWriter.dll"), path]) { RedirectStandardOutput = true })!)
        {
            while (acknowledged < 300)
            {
                acknowledged = long.Parse((await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, System.Globalization.CultureInfo.InvariantCulture);
            }

            writer.Kill();
            while (await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                acknowledged = long.TryParse(line, out var version) ? Math.Max(version, acknowledged) : acknowledged;
            }

            await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.NotEqual(0, writer.ExitCode);
        }

        await using var database = SqliteDatabase.Open(path);
        using var outbox = new SqliteOutbox(database, Clock);
        var versions = new List<long>();
        await foreach (var stored in new SqliteEventStore(database, outbox).Read("crash-1", 0, default))
        {
            versions.Add(stored.Version);
        }

        Assert.True(versions.Count >= acknowledged, $"{acknowledged} were acknowledged, {versions.Count} are there.");
        Assert.Equal(Enumerable.Range(1, versions.Count), versions.Select(version => (int)version));
    }

    [Fact]
    public void A_file_that_is_no_database_is_named_in_one_sentence()
    {
        var path = Path.Combine(folder.Path, "broken.db");
        File.WriteAllText(path, new string('x', 5000));

        var refused = Assert.Throws<StorageUnavailableException>(() => SqliteDatabase.Open(path));

        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("restore it from a copy", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named_in_one_sentence()
    {
        var file = Path.Combine(folder.Path, "file");
        File.WriteAllText(file, "");

        var refused = Assert.Throws<StorageUnavailableException>(() => SqliteDatabase.Open(Path.Combine(file, "below.db")));

        Assert.Contains("cannot be opened", refused.Message, StringComparison.Ordinal);
    }

    protected override Task<StorageUnderTest> Open() => Task.FromResult(SqliteFiles.Open(Path.Combine(folder.Path, "streams.db"), Clock));

    protected override Task CleanUp()
    {
        folder.Dispose();
        return Task.CompletedTask;
    }
}

public sealed class SqliteDocumentTests : DocumentContract
{
    private readonly TemporaryFolder folder = new();

    protected override Task<StorageUnderTest> Open() => Task.FromResult(SqliteFiles.Open(Path.Combine(folder.Path, "documents.db"), Clock));

    protected override Task CleanUp()
    {
        folder.Dispose();
        return Task.CompletedTask;
    }
}

internal static class SqliteFiles
{
    public static StorageUnderTest Open(string path, TimeProvider clock)
    {
        var database = SqliteDatabase.Open(path);
        var outbox = new SqliteOutbox(database, clock);
        return new StorageUnderTest(
            new SqliteEventStore(database, outbox),
            new SqliteDocumentStore(database, outbox, clock),
            outbox,
            async () =>
            {
                await database.DisposeAsync();
                outbox.Dispose();
            })
        {
            Snapshots = new SqliteSnapshotStore(database, clock),
        };
    }
}
