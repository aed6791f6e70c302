using System.Collections.Concurrent;
using System.Text;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.BuildingBlocks.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EventFly.BuildingBlocks.Tests.Messaging;

public sealed class RelayTests : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StorageUnderTest storage;

    public RelayTests() => storage = SqliteFiles.Open(Path.Combine(folder.Path, "relay.db"), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await storage.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Everything_committed_reaches_a_bus_that_fails_every_third_time_in_order_per_aggregate()
    {
        var bus = new FlakyBus();
        using var relay = new Relay(storage.Outbox, bus, Options.Create(new MessagingOptions { Service = "test", RelayBatch = 7 }), NullLogger<Relay>.Instance);

        for (var i = 0; i < 30; i++)
        {
            foreach (var aggregate in new[] { "a", "b" })
            {
                var announcement = new Announcement(Guid.CreateVersion7(), $"eventfly.test.Said.{aggregate}", Encoding.UTF8.GetBytes($"{i}"));
                await storage.Streams.Append(
                    new Commit(aggregate, i, Guid.CreateVersion7(), TimeProvider.System.GetUtcNow(), [new NewEvent("said", "{}"u8.ToArray())], [announcement]),
                    TestContext.Current.CancellationToken);
            }
        }

        await relay.StartAsync(TestContext.Current.CancellationToken);
        await bus.WaitFor(messages: 60).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await relay.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(bus.Failures > 5);
        foreach (var aggregate in new[] { "a", "b" })
        {
            var heard = bus.Heard.Where(announcement => announcement.Subject.EndsWith(aggregate, StringComparison.Ordinal))
                .Select(announcement => int.Parse(Encoding.UTF8.GetString(announcement.Envelope.Span), System.Globalization.CultureInfo.InvariantCulture))
                .Distinct();
            Assert.Equal(Enumerable.Range(0, 30), heard);
        }
    }

    private sealed class FlakyBus : IBus
    {
        private readonly TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentDictionary<Guid, bool> stored = new();
        private int calls;
        private int awaited = int.MaxValue;

        public ConcurrentQueue<Announcement> Heard { get; } = [];

        public int Failures { get; private set; }

        public Task WaitFor(int messages)
        {
            awaited = messages;
            Check();
            return enough.Task;
        }

        public Task Publish(Announcement announcement, CancellationToken cancellationToken)
        {
            var call = Interlocked.Increment(ref calls);
            if (call % 3 == 0)
            {
                Failures++;
                if (call % 2 == 0)
                {
                    Store(announcement);
                }

                throw new BusUnavailableException("The bus hiccups.");
            }

            Store(announcement);
            return Task.CompletedTask;
        }

        public Task Consume(Subscription subscription, Func<Delivery, CancellationToken, Task<Disposition>> handler, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        private void Store(Announcement announcement)
        {
            Heard.Enqueue(announcement);
            stored[announcement.Id] = true;
            Check();
        }

        private void Check()
        {
            if (stored.Count >= awaited)
            {
                enough.TrySetResult();
            }
        }
    }
}
