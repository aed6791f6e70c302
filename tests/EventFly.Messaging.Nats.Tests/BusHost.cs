using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Messaging.Nats.Client;
using EventFly.Messaging.Nats.JetStream;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EventFly.Messaging.Nats.Tests;

/// <summary>One process's bus, registered as a service does it.</summary>
internal sealed class BusHost : IAsyncDisposable
{
    private readonly IHost host;

    public BusHost(string connectionString, Action<NatsClientSettings>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "nats-tests" });
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:nats", connectionString)]);
        builder.AddNatsClient("nats", settings =>
        {
            settings.RetryDelays = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(20), 3)];
            configure?.Invoke(settings);
        });
        host = builder.Build();
    }

    public IBus Bus => host.Services.GetRequiredService<IBus>();

    public IDeadLetters DeadLetters => host.Services.GetRequiredService<IDeadLetters>();

    public NatsClient Client => (NatsClient)host.Services.GetRequiredService<INatsClient>();

    public JetStreamApi Streams => host.Services.GetRequiredService<JetStreamApi>();

    public IServiceProvider Services => host.Services;

    public async ValueTask DisposeAsync()
    {
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}

/// <summary>A listener that writes down what it heard.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();

    public Listener(IBus bus, Subscription subscription, Func<Delivery, CancellationToken, Task<Disposition>>? handler = null) =>
        Consuming = bus.Consume(
            subscription,
            async (delivery, cancellationToken) =>
            {
                var disposition = handler is null ? Disposition.Done : await handler(delivery, cancellationToken);
                Heard.Enqueue(delivery);
                return disposition;
            },
            stop.Token);

    public ConcurrentQueue<Delivery> Heard { get; } = new();

    public Task Consuming { get; }

    public IEnumerable<string> Texts => Heard.Select(delivery => delivery.Text());

    public async Task Stop()
    {
        await stop.CancelAsync();
        await Consuming;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        stop.Dispose();
    }
}

internal static class Say
{
    public static Announcement That(string text, string speaker = "events", string aggregate = "a1", Guid? id = null) =>
        new(id ?? Guid.CreateVersion7(), $"eventfly.{speaker}.SomethingHappened.{aggregate}", Encoding.UTF8.GetBytes(text));

    public static Announcement That(int number, string speaker = "events", string aggregate = "a1") =>
        That(number.ToString(CultureInfo.InvariantCulture), speaker, aggregate);

    public static string Text(this Delivery delivery) => Encoding.UTF8.GetString(delivery.Data.Span);
}
