using System.Threading.Channels;
using EventFly.StripeSimulator.Control;
using EventFly.StripeSimulator.Events;
using Microsoft.Extensions.Options;

namespace EventFly.StripeSimulator.Webhooks;

internal sealed record Delivery(StripeEvent Event, WebhookEndpoint Endpoint, int Attempt)
{
    /// <summary>Goes out as soon as this one has been tried.</summary>
    public Delivery? Follower { get; init; }

    /// <summary>The first try is thrown away on purpose.</summary>
    public bool IsDropped { get; init; }
}

/// <summary>What waits to be sent. Here the switches do their mischief: late, twice, in the wrong order, lost at first.</summary>
internal sealed class WebhookQueue(IOptions<WebhookOptions> options, FaultSwitches switches, Later later, WebhookLog log)
{
    private static readonly TimeSpan LongestHoldBack = TimeSpan.FromSeconds(10);

    private readonly Channel<Delivery> due = Channel.CreateBounded<Delivery>(options.Value.QueueLimit);
    private Delivery? heldBack;

    public ChannelReader<Delivery> Due => due.Reader;

    public int Waiting => due.Reader.Count;

    public void Send(StripeEvent happened, WebhookEndpoint endpoint)
    {
        var faults = switches.Current;
        var delivery = new Delivery(happened, endpoint, 1) { IsDropped = faults.WebhookDropFirst };

        if (faults.WebhookOutOfOrder)
        {
            if (Interlocked.CompareExchange(ref heldBack, delivery, null) is null)
            {
                if (!later.Run(LongestHoldBack, () => Release(delivery))) Release(delivery);
                return;
            }

            delivery = delivery with { Follower = Interlocked.Exchange(ref heldBack, null) };
        }

        Send(delivery, faults);
        if (faults.WebhookDuplicate) Send(delivery with { Follower = null }, faults);
    }

    public void Enqueue(Delivery delivery)
    {
        if (!due.Writer.TryWrite(delivery)) log.Overflowed();
    }

    public void EnqueueLater(Delivery delivery, TimeSpan delay)
    {
        if (!later.Run(delay, () => Enqueue(delivery))) log.Overflowed();
    }

    private void Release(Delivery delivery)
    {
        if (ReferenceEquals(Interlocked.CompareExchange(ref heldBack, null, delivery), delivery)) Send(delivery, switches.Current);
    }

    private void Send(Delivery delivery, Faults faults)
    {
        if (faults.WebhookDelayMs > 0) EnqueueLater(delivery, TimeSpan.FromMilliseconds(faults.WebhookDelayMs));
        else Enqueue(delivery);
    }
}
