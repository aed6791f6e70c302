using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace EventFly.ServiceDefaults.Redis;

/// <summary>
/// What we use of Redis, every call bounded in time. The driver itself never times out an asynchronous call. Connects when first used and again by
/// itself after a loss; while Redis is away, calls fail at once with <see cref="RedisUnavailableException"/>.
/// </summary>
public sealed partial class RedisClient : IAsyncDisposable
{
    /// <summary>Name of the spans' and metrics' source.</summary>
    public const string Source = "EventFly.Redis";

    /// <summary>Longest wait for an answer.</summary>
    public static readonly TimeSpan CallTime = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(2);
    private static readonly ActivitySource Spans = new(Source);
    private static readonly Meter Meter = new(Source);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("db.client.operation.duration", "s", "Time of a Redis call.");

    private readonly ConfigurationOptions options;
    private readonly ILogger<RedisClient> logger;
    private readonly Lazy<Task<ConnectionMultiplexer>> connection;
    private readonly List<Action> whenBack = [];

    public RedisClient(string connectionString, ILogger<RedisClient> logger)
    {
        this.logger = logger;
        options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = (int)ConnectTime.TotalMilliseconds;
        options.ConnectRetry = 1;
        options.SyncTimeout = (int)CallTime.TotalMilliseconds;
        options.KeepAlive = 10;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        connection = new Lazy<Task<ConnectionMultiplexer>>(Connect);
    }

    /// <summary>Whether it is connected now.</summary>
    public bool IsConnected => connection is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } connected } && Completed(connected).IsConnected;

    /// <summary>Runs after each reconnection, on the driver's thread: it must be quick and must not throw.</summary>
    public void WhenBack(Action action)
    {
        lock (whenBack)
        {
            whenBack.Add(action);
        }
    }

    /// <summary>Answers with the time that a round trip took.</summary>
    public Task<TimeSpan> Ping(CancellationToken cancellationToken) =>
        Call("PING", static (database, _) => database.PingAsync(), 0, cancellationToken);

    /// <summary>The value, or null.</summary>
    public Task<string?> Get(string key, CancellationToken cancellationToken) =>
        Call<string, string?>("GET", static async (database, key) => await database.StringGetAsync(key), key, cancellationToken);

    /// <summary>Sets a value that goes away by itself.</summary>
    public Task Set(string key, string value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        Call("SET", static (database, set) => database.StringSetAsync(set.key, set.value, set.lifetime), (key, value, lifetime), cancellationToken);

    /// <summary>Removes a key. False when it was not there.</summary>
    public Task<bool> Delete(string key, CancellationToken cancellationToken) =>
        Call("DEL", static (database, key) => database.KeyDeleteAsync(key), key, cancellationToken);

    /// <summary>Runs a Lua script; the server compiles it once.</summary>
    public Task<RedisResult> Run(string script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        Call("EVALSHA", static (database, run) => database.ScriptEvaluateAsync(run.script, run.keys, run.arguments), (script, keys, arguments), cancellationToken);

    /// <summary>Adds a member with a score to a sorted set, or moves it.</summary>
    public Task AddSorted(string key, string member, double score, CancellationToken cancellationToken) =>
        Call("ZADD", static (database, add) => database.SortedSetAddAsync(add.key, add.member, add.score), (key, member, score), cancellationToken);

    /// <summary>Members of a sorted set from a score on, lowest first.</summary>
    public Task<SortedSetEntry[]> SortedFrom(string key, double score, int limit, CancellationToken cancellationToken) =>
        Call("ZRANGEBYSCORE", static (database, range) => database.SortedSetRangeByScoreWithScoresAsync(range.key, range.score, take: range.limit), (key, score, limit), cancellationToken);

    /// <summary>Removes members of a sorted set below a score.</summary>
    public Task RemoveSortedBelow(string key, double score, CancellationToken cancellationToken) =>
        Call("ZREMRANGEBYSCORE", static (database, range) => database.SortedSetRemoveRangeByScoreAsync(range.key, double.NegativeInfinity, range.score, Exclude.Stop), (key, score), cancellationToken);

    /// <summary>Tells all subscribers. Whoever is not connected now does not hear it.</summary>
    public Task Publish(string channel, string message, CancellationToken cancellationToken) =>
        Call("PUBLISH", static (database, publish) => database.PublishAsync(publish.channel, publish.message), (channel, message), cancellationToken);

    /// <summary>Hears a channel until the client is disposed, through reconnections. The handler must be quick and must not throw.</summary>
    public Task Subscribe(string channel, Action<string> handler, CancellationToken cancellationToken) =>
        Call(
            "SUBSCRIBE",
            static async (database, subscribe) =>
            {
                await database.Multiplexer.GetSubscriber().SubscribeAsync(subscribe.channel, (_, message) => subscribe.handler(message!));
                return true;
            },
            (channel, handler),
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (connection is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true } connected })
        {
            await Completed(connected).CloseAsync(allowCommandsToComplete: false);
        }
    }

    private async Task<TResult> Call<TState, TResult>(
        string command, Func<IDatabase, TState, Task<TResult>> call, TState state, CancellationToken cancellationToken)
    {
        // What nobody asked for (a health check's ping) would bury the traces that somebody wants to read.
        using var span = Activity.Current is not { Recorded: true } ? null : Spans.StartActivity(command, ActivityKind.Client);
        span?.SetTag("db.system.name", "redis").SetTag("db.operation.name", command);
        var started = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
            var connected = connection.Value.IsCompletedSuccessfully
                ? Completed(connection.Value)
                : await connection.Value.WaitAsync(ConnectTime + CallTime, cancellationToken);
            return await call(connected.GetDatabase(), state).WaitAsync(CallTime, cancellationToken);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            error = exception.GetType().Name;
            span?.SetTag("error.type", error).SetStatus(ActivityStatusCode.Error, exception.Message);
            throw new RedisUnavailableException($"Redis did not answer {command}.", exception);
        }
        finally
        {
            var tags = new TagList { { "db.system.name", "redis" }, { "db.operation.name", command } };
            if (error is not null)
            {
                tags.Add("error.type", error);
            }

            Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
        }
    }

    private async Task<ConnectionMultiplexer> Connect()
    {
        var connected = await ConnectionMultiplexer.ConnectAsync(options);
        connected.ConnectionFailed += (_, lost) => Lost(logger, lost.ConnectionType, lost.FailureType);
        connected.ConnectionRestored += (_, back) =>
        {
            Back(logger, back.ConnectionType);
            RunWhenBack();
        };
        return connected;
    }

    private void RunWhenBack()
    {
        lock (whenBack)
        {
            whenBack.ForEach(action => action());
        }
    }

    private static ConnectionMultiplexer Completed(Task<ConnectionMultiplexer> connected) => connected.GetAwaiter().GetResult();

    [LoggerMessage(LogLevel.Warning, "The {Connection} connection to Redis is lost: {Failure}. Going on without.")]
    private static partial void Lost(ILogger logger, ConnectionType connection, ConnectionFailureType failure);

    [LoggerMessage(LogLevel.Information, "The {Connection} connection to Redis is back.")]
    private static partial void Back(ILogger logger, ConnectionType connection);
}
