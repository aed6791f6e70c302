using System.Threading.Channels;

namespace EventFly.Messaging.Nats.Client;

/// <summary>Messages of one subject, in order, with a bound: what does not fit is dropped and counted, the connection never waits.</summary>
internal sealed class NatsSubscription(long sid, string subject, int capacity, Action<NatsSubscription> unsubscribe) : IDisposable
{
    // One place more than asked for, so that the note of a restored connection always fits next to a full house.
    private readonly Channel<NatsMessage> messages = Channel.CreateBounded<NatsMessage>(
        new BoundedChannelOptions(capacity + 1) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long dropped;

    public long Sid { get; } = sid;

    public string Subject { get; } = subject;

    /// <summary>A server was told of it: after a lost connection messages may be missing.</summary>
    public bool IsKnown { get; set; }

    public long Dropped => Interlocked.Read(ref dropped);

    public ChannelReader<NatsMessage> Messages => messages.Reader;

    public bool Offer(NatsMessage message)
    {
        if (messages.Reader.Count < capacity || ReferenceEquals(message, NatsMessage.Restored))
        {
            if (messages.Writer.TryWrite(message))
            {
                return true;
            }
        }

        Interlocked.Increment(ref dropped);
        return false;
    }

    public void Dispose()
    {
        if (messages.Writer.TryComplete())
        {
            unsubscribe(this);
        }
    }
}
