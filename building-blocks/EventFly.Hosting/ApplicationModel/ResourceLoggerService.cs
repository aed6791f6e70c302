using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line that a resource wrote to its console.</summary>
/// <param name="LineNumber">Counts from 1.</param>
/// <param name="Content">The line, with its RFC 3339 time in front.</param>
/// <param name="IsErrorMessage">Whether it came from standard error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Keeps the last 10,000 console lines of every resource and passes new ones on.</summary>
/// <param name="clock">Dates the lines that the application itself adds.</param>
public class ResourceLoggerService(TimeProvider clock)
{
    private const int LinesKept = 10_000;

    private readonly ConcurrentDictionary<string, ConsoleLog> _logs = new(StringComparer.Ordinal);

    /// <summary>A logger that writes into the console log of all running copies of the resource.</summary>
    public ILogger GetLogger(IResource resource) => new ConsoleLogger([.. resource.InstanceNames().Select(LogOf)], clock);

    /// <summary>A logger that writes into the console log of one running copy.</summary>
    public ILogger GetLogger(string resourceName) => new ConsoleLogger([LogOf(resourceName)], clock);

    /// <summary>The lines so far, then every new one.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.InstanceNames()[0]);

    /// <summary>The lines so far of one running copy, then every new one.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => LogOf(resourceName).Watch();

    /// <summary>The lines so far.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) => GetAllAsync(resource.InstanceNames()[0]);

    /// <summary>The lines so far of one running copy.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName)
    {
        await Task.CompletedTask;
        yield return LogOf(resourceName).Lines();
    }

    internal void Write(string resourceId, string line, bool isError) => LogOf(resourceId).Add(line, isError);

    private ConsoleLog LogOf(string resourceId) => _logs.GetOrAdd(resourceId, _ => new ConsoleLog());

    private sealed class ConsoleLog
    {
        private readonly Lock _gate = new();
        private readonly Queue<LogLine> _lines = new();
        private readonly List<Channel<LogLine>> _watchers = [];
        private int _written;

        public void Add(string content, bool isError)
        {
            lock (_gate)
            {
                var line = new LogLine(++_written, content, isError);
                if (_lines.Count == LinesKept) _lines.Dequeue();
                _lines.Enqueue(line);
                foreach (var watcher in _watchers) watcher.Writer.TryWrite(line);
            }
        }

        public IReadOnlyList<LogLine> Lines()
        {
            lock (_gate) return [.. _lines];
        }

        public async IAsyncEnumerable<IReadOnlyList<LogLine>> Watch([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var incoming = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(LinesKept) { FullMode = BoundedChannelFullMode.DropOldest });
            IReadOnlyList<LogLine> known;
            lock (_gate)
            {
                known = [.. _lines];
                _watchers.Add(incoming);
            }
            try
            {
                if (known.Count > 0) yield return known;
                while (await incoming.Reader.WaitToReadAsync(cancellationToken))
                {
                    var batch = new List<LogLine>();
                    while (batch.Count < 500 && incoming.Reader.TryRead(out var line)) batch.Add(line);
                    yield return batch;
                }
            }
            finally
            {
                lock (_gate) _watchers.Remove(incoming);
            }
        }
    }

    private sealed class ConsoleLogger(ConsoleLog[] logs, TimeProvider clock) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception);
            if (exception is not null) text = $"{text} {exception.Message}";
            var line = string.Create(CultureInfo.InvariantCulture, $"{clock.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} [sys] {text}");
            foreach (var log in logs) log.Add(line, logLevel >= LogLevel.Error);
        }
    }
}
