using System.Diagnostics;
using EventFly.Testing.MongoDb;

namespace EventFly.EndToEnd.Tests;

/// <summary>The same services, nothing recompiled, on MongoDB: here the server for tests, as a replica set of three.</summary>
public sealed class OnMongoDb
{
    private const int StepsBefore = 8;

    [Fact]
    public async Task The_whole_demo_happens_while_the_primary_steps_down_in_the_middle()
    {
        Assert.SkipWhen(MongoServer.WhyNot is not null, MongoServer.WhyNot ?? "");
        await using var mongo = await MongoServer.ReplicaSet();
        var eventFly = new RunningEventFly { Arguments = ["--ephemeral", "--mongodb", $"mongodb://{mongo.Hosts}/?replicaSet={mongo.Set}"] };
        var tickets = Directory.CreateTempSubdirectory("eventfly-demo-");
        try
        {
            await eventFly.InitializeAsync();
            var (exitCode, said) = await Demo(eventFly.App.GetEndpoint("gateway", "http"), tickets.FullName, () => mongo.StepDown(1));

            Assert.True(exitCode == 0, string.Join('\n', said));
            Assert.StartsWith("All of it happened", said[^1]);
            Assert.True(await mongo.Count("insert") > 20);
            Assert.Empty(Directory.GetFiles(eventFly.SessionFolder, "*-db.db", SearchOption.AllDirectories));
        }
        finally
        {
            await eventFly.DisposeAsync();
            tickets.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_run_that_is_asked_to_starts_a_MongoDB_of_its_own_from_PATH()
    {
        Assert.SkipWhen(MongoServer.WhyNot is not null, MongoServer.WhyNot ?? "");
        Assert.SkipWhen(EngineRuns("docker") || EngineRuns("podman"), "A container engine runs: it would take the place of the program.");
        var programs = Directory.CreateTempSubdirectory("eventfly-mongod-");
        var path = Environment.GetEnvironmentVariable("PATH");
        var eventFly = new RunningEventFly { Arguments = ["--ephemeral", "--mongodb", "local"] };
        try
        {
            var mongod = Path.Combine(programs.FullName, "mongod");
            await File.WriteAllTextAsync(mongod, $"#!/bin/sh\nexec /usr/bin/python3 '{Path.Combine(AppContext.BaseDirectory, "MongoDb", "mongo_server.py")}' \"$@\"\n");
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(mongod, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Environment.SetEnvironmentVariable("PATH", $"{programs.FullName}:{path}");

            await eventFly.InitializeAsync();

            using var gateway = eventFly.App.CreateHttpClient("gateway");
            Assert.Equal(System.Net.HttpStatusCode.OK, (await gateway.GetAsync(new Uri("/health", UriKind.Relative))).StatusCode);
            Assert.StartsWith("mongodb://", await eventFly.App.GetConnectionStringAsync("auth-db"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
            await eventFly.DisposeAsync();
            programs.Delete(recursive: true);
        }
    }

    private static bool EngineRuns(string engine)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, engine)))) return false;
        using var asked = Process.Start(new ProcessStartInfo(engine, "info") { RedirectStandardOutput = true, RedirectStandardError = true })!;
        return asked.WaitForExit(TimeSpan.FromSeconds(5)) && asked.ExitCode == 0;
    }

    private static async Task<(int ExitCode, List<string> Said)> Demo(Uri gateway, string folder, Func<Task> middle)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "EventFly.Demo.dll"), "--gateway", gateway.ToString(), "--out", folder]) start.ArgumentList.Add(argument);
        using var demo = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var said = new List<string>();
        while (await demo.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            said.Add(line);
            if (said.Count == StepsBefore) await middle();
        }
        await demo.WaitForExitAsync(patience.Token);
        Assert.True(said.Count > StepsBefore + 3, string.Join('\n', said));
        return (demo.ExitCode, said);
    }
}
