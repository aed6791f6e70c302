using System.Diagnostics;
using System.Text.Json;

namespace EventFly.Testing.MongoDb;

/// <summary>
/// A MongoDB for tests, started for one test on free ports of loopback: documents live in mongomock, the protocol is the real one, faults come on request.
/// </summary>
public sealed class MongoServer : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly Process process;
    private readonly SemaphoreSlim talking = new(1);

    private MongoServer(Process process, string hosts, string? set) => (this.process, Hosts, Set) = (process, hosts, set);

    /// <summary>A sentence when the server's packages are not installed, else null.</summary>
    public static string? WhyNot { get; } = Probe();

    /// <summary>With commas, as a connection string wants them.</summary>
    public string Hosts { get; }

    public string? Set { get; }

    public static Task<MongoServer> Standalone(params string[] more) => Start(null, 1, more);

    public static Task<MongoServer> ReplicaSet(int members = 3, params string[] more) => Start("rs0", members, more);

    public static Task<MongoServer> Sharded(params string[] more) => Start(null, 2, ["--mongos", .. more]);

    /// <summary>A connection string for a database.</summary>
    public string Uri(string database, string options = "", string credentials = "")
    {
        var set = Set is null ? "" : $"replicaSet={Set}&";
        return $"mongodb://{credentials}{Hosts}/{database}?{set}{options}".TrimEnd('&', '?');
    }

    public Task StepDown(double pause = 0.2) => Order(new { @do = "step-down", pause });

    /// <summary>The next answers to this command get lost: it is done, and the connection ends.</summary>
    public Task DropReplies(string command, int count = 1) => Order(new { @do = "drop-replies", command, count });

    /// <summary>The next requests get lost on their way.</summary>
    public Task DropRequests(string command, int count = 1) => Order(new { @do = "drop-requests", command, count });

    public Task Fail(string command, int code, int count = 1) => Order(new { @do = "fail", command, code, count });

    /// <summary>Each command takes so long more; 0 ends it.</summary>
    public Task Slow(int ms, string? command = null) => Order(new { @do = "slow", ms, command });

    /// <summary>Ends all connections.</summary>
    public Task CloseConnections() => Order(new { @do = "close" });

    /// <summary>The network to these members is cut: connections stay, nothing answers. -1 is the primary, null all of them.</summary>
    public Task Silence(int? member = null, double pause = 0.2) => Order(new { @do = "silence", member, pause });

    public Task Heal() => Order(new { @do = "heal" });

    public Task ForgetHistory() => Order(new { @do = "forget-history" });

    /// <summary>How often each command came; also <c>connections</c>, <c>recognised</c> (numbered writes that came twice), <c>faults</c>.</summary>
    public async Task<int> Count(string what)
    {
        var answer = await Order(new { @do = "stats" });
        return answer.GetProperty("counts").TryGetProperty(what, out var count) ? count.GetInt32() : 0;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
        talking.Dispose();
    }

    private static async Task<MongoServer> Start(string? set, int members, string[] more)
    {
        var start = new ProcessStartInfo(Python, [Script, "--members", $"{members}", .. set is null ? (string[])[] : ["--set", set], .. more])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, line) =>
        {
            if (line.Data is { } said)
            {
                Console.Error.WriteLine($"[mongo_server] {said}");
            }
        };
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await process.StandardOutput.ReadLineAsync(patience.Token) is { } hosts
            ? new MongoServer(process, hosts.Replace(' ', ','), set)
            : throw new InvalidOperationException("The MongoDB for tests does not start.");
    }

    private static string Script => Path.Combine(AppContext.BaseDirectory, "MongoDb", "mongo_server.py");

    private static string? Probe()
    {
        const string Sentence = "The MongoDB for tests needs Debian's packages: apt-get install python3-mongomock python3-bson";
        if (!File.Exists(Python))
        {
            return Sentence;
        }

        using var probe = Process.Start(new ProcessStartInfo(Python, ["-c", "import mongomock, bson"]) { RedirectStandardError = true })!;
        probe.WaitForExit();
        return probe.ExitCode == 0 ? null : Sentence;
    }

    private async Task<JsonElement> Order(object order)
    {
        await talking.WaitAsync();
        try
        {
            await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order));
            await process.StandardInput.FlushAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var line = await process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("The MongoDB for tests has ended.");
            return JsonSerializer.Deserialize<JsonElement>(line);
        }
        finally
        {
            talking.Release();
        }
    }
}
