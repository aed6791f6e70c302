using System.Collections.Concurrent;

namespace EventFly.StripeSimulator.Webhooks;

/// <param name="Problem">Null when the receiver took it.</param>
internal sealed record WebhookTry(string Event, string Type, string Url, int Attempt, string? Problem, DateTimeOffset At);

internal sealed record WebhookCounts(long Delivered, long Failed, long GivenUp, long Overflowed);

/// <summary>The last tries and how many there were.</summary>
internal sealed class WebhookLog
{
    private const int Kept = 200;

    private readonly ConcurrentQueue<WebhookTry> recent = new();
    private long delivered;
    private long failed;
    private long givenUp;
    private long overflowed;

    public WebhookCounts Counts => new(
        Interlocked.Read(ref delivered), Interlocked.Read(ref failed), Interlocked.Read(ref givenUp), Interlocked.Read(ref overflowed));

    public IReadOnlyList<WebhookTry> NewestFirst() => [.. recent.Reverse()];

    public void Tried(Delivery delivery, string? problem, DateTimeOffset at)
    {
        if (problem is null) Interlocked.Increment(ref delivered);
        else Interlocked.Increment(ref failed);
        recent.Enqueue(new WebhookTry(delivery.Event.Id, delivery.Event.Type, delivery.Endpoint.Url, delivery.Attempt, problem, at));
        while (recent.Count > Kept) recent.TryDequeue(out _);
    }

    public void GaveUp() => Interlocked.Increment(ref givenUp);

    public void Overflowed() => Interlocked.Increment(ref overflowed);
}
