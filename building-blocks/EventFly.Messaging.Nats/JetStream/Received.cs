using System.Globalization;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Messaging.Nats.Client;

namespace EventFly.Messaging.Nats.JetStream;

/// <summary>A delivery on its way through this process.</summary>
internal sealed class Received(Source source, NatsMessage message, long streamSequence, Delivery delivery)
{
    private string replyTo = message.ReplyTo ?? "";

    public Source Source { get; } = source;

    public NatsHeaders? Headers { get; } = message.Headers;

    public long StreamSequence { get; } = streamSequence;

    public Delivery Delivery { get; } = delivery;

    /// <summary>Where the word goes what became of it; a redelivery brings a newer one.</summary>
    public string ReplyTo
    {
        get => Volatile.Read(ref replyTo);
        set => Volatile.Write(ref replyTo, value);
    }

    /// <summary>Null when the message does not come from a JetStream consumer.</summary>
    public static Received? Read(Source source, NatsMessage message)
    {
        // $JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<timestamp>.<pending>; newer servers put domain and account
        // after the second token and more at the end.
        var text = message.ReplyTo.AsSpan();
        Span<Range> tokens = stackalloc Range[13];
        var shift = text.Split(tokens, '.') switch { 9 => 0, >= 11 => 2, _ => -1 };
        if (shift < 0
            || text[tokens[0]] is not "$JS"
            || !int.TryParse(text[tokens[4 + shift]], NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            || !long.TryParse(text[tokens[5 + shift]], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            return null;
        }

        var subject = source.IsReplay ? message.Subject.Split('.', 3)[2] : message.Subject;
        return new Received(source, message, sequence, new Delivery(subject, message.Payload, attempt));
    }
}

/// <summary>One of the two places a subscription's messages come from: the speaker's stream, and the replays for this listener.</summary>
internal sealed record Source(StreamConfig Stream, ConsumerConfig Consumer, bool IsReplay, Window Window);
