using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace EventFly.Storage.MongoDb.Client;

/// <summary>Spans and metrics by the OpenTelemetry conventions for databases. https://opentelemetry.io/docs/specs/semconv/database/</summary>
internal sealed class MongoTelemetry(string database)
{
    public const string Name = "EventFly.Storage.MongoDb";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "db.client.operation.duration", "s", "Duration of database client operations.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] });

    private static readonly UpDownCounter<long> Open =
        Meter.CreateUpDownCounter<long>("db.client.connection.count", "{connection}", "Connections that are open.");

    private static readonly Histogram<double> Wait = Meter.CreateHistogram(
        "db.client.connection.wait_time", "s", "Time until a connection was free, for those who had to wait.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] });

    private static readonly Counter<long> TimedOut =
        Meter.CreateCounter<long>("db.client.connection.timeouts", "{timeout}", "Callers for whom no connection became free in time.");

    private static readonly Counter<long> Repeated =
        Meter.CreateCounter<long>("eventfly.mongodb.retries", "{retry}", "Commands that were sent once more after a failure that a second sending may heal.");

    /// <summary>A span, when somebody wants to see one: what nobody asked for (the relay looks for news) would bury the others.</summary>
    public Activity? Begin(string operation, string? collection)
    {
        if (Activity.Current is not { Recorded: true } || !Source.HasListeners())
        {
            return null;
        }

        var span = Source.StartActivity(collection is null ? operation : $"{operation} {collection}", ActivityKind.Client);
        span?.SetTag("db.system.name", "mongodb");
        span?.SetTag("db.namespace", database);
        span?.SetTag("db.operation.name", operation);
        span?.SetTag("db.collection.name", collection);
        return span;
    }

    public static void Sent(Activity? span, HostAddress server)
    {
        span?.SetTag("server.address", server.Host);
        span?.SetTag("server.port", server.Port);
    }

    public void End(Activity? span, string operation, string? collection, long began, MongoException? failure)
    {
        if (Duration.Enabled)
        {
            var tags = new TagList { { "db.system.name", "mongodb" }, { "db.namespace", database }, { "db.operation.name", operation } };
            if (collection is not null)
            {
                tags.Add("db.collection.name", collection);
            }

            if (failure is not null)
            {
                tags.Add("error.type", ErrorType(failure));
            }

            Duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
        }

        if (span is not null && failure is not null)
        {
            span.SetTag("error.type", ErrorType(failure));
            if (failure.Code != 0)
            {
                span.SetTag("db.response.status_code", failure.Code.ToString(CultureInfo.InvariantCulture));
            }

            span.SetStatus(ActivityStatusCode.Error, failure.Message);
        }

        span?.Dispose();
    }

    public void Retried(string operation) => Repeated.Add(1, new TagList { { "db.namespace", database }, { "db.operation.name", operation } });

    public void Connections(HostAddress server, int change) => Open.Add(change, new KeyValuePair<string, object?>("db.client.connection.pool.name", PoolName(server)));

    public void Waited(HostAddress server, TimeSpan time, bool isFree)
    {
        var pool = new KeyValuePair<string, object?>("db.client.connection.pool.name", PoolName(server));
        Wait.Record(time.TotalSeconds, pool);
        if (!isFree)
        {
            TimedOut.Add(1, pool);
        }
    }

    private static string ErrorType(MongoException failure) =>
        failure.Code != 0 ? failure.Code.ToString(CultureInfo.InvariantCulture) : failure.Failure.ToString();

    private string PoolName(HostAddress server) => $"{server}/{database}";
}
