using System.Threading.Channels;

namespace EventFly.Messaging.Nats.Client;

/// <summary>Messages of one subject, in order, with a bound: what does not fit is dropped and counted, the connection never waits.</summary>
internal sealed class NatsSubscription(long sid, string subject, int capacity, Action<NatsSubscription> unsubscribe) : IDisposable
{
    // One place more than asked for, so that the note of a restored connection always fits next to a full house.
    private readonly Channel<NatsMessage> _messages = Channel.CreateBounded<NatsMessage>(
        new BoundedChannelOptions(capacity + 1) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long _dropped;

    public long Sid { get; } = sid;

    public string Subject { get; } = subject;

    public long Dropped => Interlocked.Read(ref _dropped);

    public ChannelReader<NatsMessage> Messages => _messages.Reader;

    public bool Offer(NatsMessage message)
    {
        if (_messages.Reader.Count < capacity || ReferenceEquals(message, NatsMessage.Restored))
        {
            if (_messages.Writer.TryWrite(message))
            {
                return true;
            }
        }

        Interlocked.Increment(ref _dropped);
        return false;
    }

    public void Dispose()
    {
        if (_messages.Writer.TryComplete())
        {
            unsubscribe(this);
        }
    }
}
