using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventFly.Hosting.Tests;

public sealed class Orchestrating
{
    private const string Stay = "exec sleep 600";

    [Fact]
    public async Task A_process_starts_only_when_what_it_waits_for_is_healthy()
    {
        var healthy = false;
        await using var running = await Running.Start(builder =>
        {
            builder.Services.AddHealthChecks().AddCheck("switch", () => healthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("not yet"));
            var first = builder.AddShell("first", Stay).WithHealthCheck("switch");
            builder.AddShell("second", Stay).WaitFor(first);
        });

        await running.Becomes("first", now => now.HealthReports is [{ Status: HealthStatus.Unhealthy, Description: "not yet" }]);
        Assert.Equal(KnownResourceStates.Waiting, (await running.Becomes("second", now => now.State is not null)).Snapshot.State!.Text);

        healthy = true;
        await running.BecomesHealthy("second");
    }

    [Fact]
    public async Task A_process_that_waits_for_completion_starts_after_the_exit_code()
    {
        await using var running = await Running.Start(builder =>
        {
            var job = builder.AddShell("job", "exit 3");
            builder.AddShell("after", Stay).WaitForCompletion(job, exitCode: 3);
        });

        await running.BecomesHealthy("after");
        Assert.Equal(3, (await running.Becomes("job", now => now.ExitCode is not null)).Snapshot.ExitCode);
    }

    [Fact]
    public async Task What_waits_for_a_process_that_ended_badly_fails_and_says_so()
    {
        await using var running = await Running.Start(builder =>
        {
            builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy("never"));
            var broken = builder.AddShell("broken", "echo out of luck >&2; exit 7").WithHealthCheck("never");
            builder.AddShell("after", Stay).WaitFor(broken, WaitBehavior.StopOnResourceUnavailable);
        });

        await running.Becomes("after", now => now.State?.Text == KnownResourceStates.FailedToStart);
        Assert.Contains("[sys]", await running.Prints("after", "'broken', which it waits for"));
        await running.Prints("broken", "out of luck");
    }

    [Fact]
    public async Task A_killed_process_is_noticed_and_can_be_started_again_under_the_same_address()
    {
        await using var running = await Running.Start(builder => builder.AddRedis("cache"));
        await running.BecomesHealthy("cache");
        var address = await running.App.GetConnectionStringAsync("cache");
        var before = Assert.Single(running.App.GetProcessIds("cache"));

        await running.App.KillAsync("cache", running.GiveUp);
        Assert.Empty(running.App.GetProcessIds("cache"));
        await running.App.CommandAsync("cache", "start", running.GiveUp);

        await running.BecomesHealthy("cache");
        Assert.NotEqual(before, Assert.Single(running.App.GetProcessIds("cache")));
        Assert.Equal(address, await running.App.GetConnectionStringAsync("cache"));
    }

    [Fact]
    public async Task Stop_start_and_restart_are_offered_when_they_make_sense()
    {
        await using var running = await Running.Start(builder => builder.AddShell("worker", Stay));
        await running.BecomesHealthy("worker");
        Assert.False((await running.App.ResourceCommands.ExecuteCommandAsync("worker", "start", running.GiveUp)).Success);

        await running.App.CommandAsync("worker", "stop", running.GiveUp);
        await running.Becomes("worker", now => now.State?.Text == KnownResourceStates.Finished);
        Assert.False((await running.App.ResourceCommands.ExecuteCommandAsync("worker", "stop", running.GiveUp)).Success);

        await running.App.CommandAsync("worker", "start", running.GiveUp);
        await running.BecomesHealthy("worker");
        await running.App.CommandAsync("worker", "restart", running.GiveUp);
        await running.BecomesHealthy("worker");
        Assert.Contains("no command 'dance'", (await running.App.ResourceCommands.ExecuteCommandAsync("worker", "dance", running.GiveUp)).Message);
    }

    [Fact]
    public async Task A_process_with_explicit_start_waits_for_somebody()
    {
        await using var running = await Running.Start(builder => builder.AddShell("tool", Stay).WithExplicitStart());
        await running.Becomes("tool", now => now.State?.Text == KnownResourceStates.NotStarted);

        await running.App.CommandAsync("tool", "start", running.GiveUp);
        await running.BecomesHealthy("tool");
    }

    [Fact]
    public async Task A_command_of_its_own_runs_and_its_failure_is_told()
    {
        await using var running = await Running.Start(builder => builder.AddShell("worker", Stay)
            .WithCommand("greet", "Greet", _ => Task.FromResult(CommandResults.Success("hello")))
            .WithCommand("fail", "Fail", _ => throw new InvalidOperationException("it is Monday")));

        Assert.True((await running.App.ResourceCommands.ExecuteCommandAsync("worker", "greet", running.GiveUp)).Success);
        var failed = await running.App.ResourceCommands.ExecuteCommandAsync("worker", "fail", running.GiveUp);
        Assert.Equal((false, "it is Monday"), (failed.Success, failed.Message));
    }

    [Fact]
    public async Task A_program_that_is_not_there_fails_to_start()
    {
        await using var running = await Running.Start(builder => builder.AddExecutable("ghost", "/no/such/program", "/tmp"));

        await running.Becomes("ghost", now => now.State?.Text == KnownResourceStates.FailedToStart);
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var running = Running.Build(builder => builder.AddShell("web", Stay).WithHttpEndpoint(port: port));

        var refused = await Assert.ThrowsAsync<DistributedApplicationException>(() => running.App.StartAsync(running.GiveUp));
        Assert.Contains($"Port {port}, which endpoint 'http' of 'web' wants", refused.Message);
    }

    [Fact]
    public async Task A_missing_program_is_named_with_the_command_that_installs_it()
    {
        await using var running = Running.Build(builder => builder.AddRedis("cache")
            .WithAnnotation(new ProgramAnnotation("no-such-server", "apt-get install no-such-server", (_, _, _) => [])));

        var refused = await Assert.ThrowsAsync<DistributedApplicationException>(() => running.App.StartAsync(running.GiveUp));
        Assert.Equal(
            "'cache' needs no-such-server, which is not on PATH, and no container engine runs: install it with `apt-get install no-such-server`.",
            refused.Message);
    }

    [Fact]
    public async Task Ready_is_called_once_for_each_start()
    {
        var ready = 0;
        await using var running = await Running.Start(builder => builder.AddShell("worker", Stay).OnResourceReady((_, _, _) =>
        {
            Interlocked.Increment(ref ready);
            return Task.CompletedTask;
        }));
        await running.BecomesHealthy("worker");
        while (Volatile.Read(ref ready) < 1) await Task.Delay(20, running.GiveUp);

        await running.App.CommandAsync("worker", "restart", running.GiveUp);
        while (Volatile.Read(ref ready) < 2) await Task.Delay(20, running.GiveUp);
        Assert.Equal(2, ready);
    }
}
