namespace EventFly.Messaging.Nats.Tests;

public sealed class BusTests(NatsProgram nats) : IClassFixture<NatsProgram>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_is_said_is_heard()
    {
        await using var host = new BusHost(nats.ConnectionString);
        await using var listener = new Listener(host.Bus, new("payments", "one"));

        await host.Bus.Publish(Say.That("hello", "one", "a7"), None);

        await Eventually.True(() => listener.Heard.Count == 1, "the message is heard");
        var delivery = Assert.Single(listener.Heard);
        Assert.Equal(("eventfly.one.SomethingHappened.a7", "hello", 1), (delivery.Subject, delivery.Text(), delivery.Attempt));
    }
}
