using System.Net;
using System.Net.Sockets;

namespace EventFly.EndToEnd.Tests;

public sealed class Starting
{
    private static readonly TimeSpan _nothingIsLeftAfter = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task The_gateway_answers_when_everything_is_healthy_and_nothing_is_left_afterwards()
    {
        var eventFly = new RunningEventFly();
        await eventFly.InitializeAsync();
        using (var gateway = eventFly.App.CreateHttpClient("gateway"))
        {
            Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/health")).StatusCode);
        }
        Assert.NotEmpty(SessionProcesses.Of(eventFly.SessionFolder));

        await eventFly.DisposeAsync();

        await SessionProcesses.AwaitNone(eventFly.SessionFolder, _nothingIsLeftAfter);
        Assert.False(Directory.Exists(eventFly.SessionFolder));
    }

    [Fact]
    public async Task Kill_9_of_the_run_leaves_nothing_behind()
    {
        using var run = AppHostProcess.Start("--ephemeral");
        var dashboard = await run.AwaitLine("dashboard ", TimeSpan.FromMinutes(3));
        Assert.Contains("/login?t=", dashboard);
        var folder = SessionProcesses.FolderOfChildrenOf(run.Id);
        Assert.True(SessionProcesses.Of(folder).Count > 10);

        run.Kill();

        await SessionProcesses.AwaitNone(folder, _nothingIsLeftAfter);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_taken_port_is_named_in_one_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (exitCode, said) = await AppHostProcess.RunToEnd("--ephemeral", "--gateway-port", $"{port}");

        Assert.NotEqual(0, exitCode);
        Assert.StartsWith($"Port {port}, where the gateway would listen, cannot be used", said);
        Assert.Single(said.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_used_is_named_in_one_sentence()
    {
        var file = Path.GetTempFileName();
        try
        {
            var (exitCode, said) = await AppHostProcess.RunToEnd("--data", file, "--gateway-port", "0", "--dashboard-port", "0");

            Assert.NotEqual(0, exitCode);
            Assert.StartsWith($"The data folder {file} cannot be used", said);
            Assert.Single(said.Trim().Split('\n'));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_broken_database_file_is_named_in_one_sentence()
    {
        var data = Directory.CreateTempSubdirectory("eventfly-broken-").FullName;
        try
        {
            var databases = Directory.CreateDirectory(Path.Combine(data, "databases")).FullName;
            await File.WriteAllTextAsync(Path.Combine(databases, "events-db.db"), string.Concat(Enumerable.Repeat("this is no database ", 500)));

            var (exitCode, said) = await AppHostProcess.RunToEnd("--data", data, "--gateway-port", "0", "--dashboard-port", "0");

            Assert.Equal(1, exitCode);
            Assert.StartsWith($"'events' could not start: The database file {Path.Combine(databases, "events-db.db")} is damaged", said);
            Assert.Single(said.Trim().Split('\n'));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Theory]
    [InlineData("--gatway-port")]
    [InlineData("--gateway-port", "many")]
    [InlineData("--data")]
    public async Task What_is_no_argument_is_refused(params string[] arguments)
    {
        var (exitCode, said) = await AppHostProcess.RunToEnd(arguments);

        Assert.Equal(2, exitCode);
        Assert.Contains(arguments[^1], said);
    }
}
