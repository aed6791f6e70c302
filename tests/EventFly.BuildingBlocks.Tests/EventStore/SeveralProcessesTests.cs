using System.Diagnostics;
using System.Globalization;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Tests.Storage;
using EventFly.CrashWriter;

namespace EventFly.BuildingBlocks.Tests.EventStore;

public sealed class SeveralProcessesTests : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StorageUnderTest storage;

    public SeveralProcessesTests() => storage = SqliteFiles.Open(FilePath, TimeProvider.System);

    private string FilePath => Path.Combine(folder.Path, "shared.db");

    public async ValueTask DisposeAsync()
    {
        await storage.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Processes_on_one_file_count_a_hundred_together()
    {
        var others = Enumerable.Range(0, 2).Select(process => Run("count", $"{process * 80}", $"{(process * 80) + 80}")).ToArray();
        var streams = Tally.Open(storage.Streams);
        var mine = 0;
        for (var number = 160; number < 240; number++)
        {
            Decided<Tally> decided;
            do
            {
                decided = await Tally.Count(streams, $"{number}");
            }
            while (decided.Refusal?.Kind is RefusalKind.Unavailable);
            mine += decided.Refusal is null ? 1 : 0;
        }

        var theirs = await Task.WhenAll(others);

        Assert.All(theirs, other => Assert.Equal(0, other.ExitCode));
        Assert.Equal(Tally.Most, mine + theirs.Sum(other => int.Parse(other.Said, CultureInfo.InvariantCulture)));
        Assert.Equal(Tally.Most, (await streams.Read<Tally, Counted>(Tally.Stream, default)).State.Names.Count);
    }

    [Fact]
    public async Task What_was_stored_before_a_crash_is_recognised_when_it_is_asked_again()
    {
        var (exitCode, said) = await Run("die", "Ada");
        Assert.NotEqual(0, exitCode);
        Assert.Equal("", said);

        var again = await Tally.Count(Tally.Open(storage.Streams), "Ada");

        Assert.Null(again.Refusal);
        Assert.Equal((1L, "Ada"), (again.Version, Assert.Single(again.State.Names)));
    }

    private async Task<(int ExitCode, string Said)> Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "EventFly.CrashWriter.dll"), FilePath, .. arguments]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            var said = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, said.Trim());
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
