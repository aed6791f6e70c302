using System.Text.Json;
using EventFly.Prove.Plan;
using EventFly.Prove.Rush;

namespace EventFly.Prove.Sweep;

/// <summary>One stored event.</summary>
/// <param name="Version">In its stream, from 1.</param>
/// <param name="At">When it was decided, as its commit says.</param>
internal sealed record Happened(string Stream, long Version, string Name, JsonElement Data, DateTimeOffset At);

/// <summary>One movement of money at the processor.</summary>
/// <param name="Kind">charge, refund, refund_failure, dispute or dispute_won.</param>
/// <param name="Id">The processor's.</param>
/// <param name="Amount">In minor units, never negative.</param>
internal sealed record Moved(string Kind, string Id, long Amount, Guid? PaymentId, Guid? OrderId, Guid? RefundId);

/// <summary>Everything that the sweep looks at, as it was found when all was at rest. Nothing of it comes from the product's code.</summary>
/// <param name="Participants">Streams of participants: inventory and orders.</param>
/// <param name="Payments">Streams of payments.</param>
/// <param name="Documents">Bodies by collection.</param>
/// <param name="Processor">What the processor moved, in order.</param>
/// <param name="Free">What the gateway says is free, by ticket type.</param>
/// <param name="Outboxes">Announcements that were not sent, by service.</param>
/// <param name="DeadLetters">Messages that were given up, in words.</param>
/// <param name="Unrest">What was still under way when waiting was over.</param>
internal sealed record Evidence(
    Shop Shop,
    IReadOnlyList<Happened> Participants,
    IReadOnlyList<Happened> Payments,
    IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> Documents,
    IReadOnlyList<Moved> Processor,
    IReadOnlyDictionary<Guid, int> Free,
    IReadOnlyDictionary<string, long> Outboxes,
    IReadOnlyList<string> DeadLetters,
    IReadOnlyList<string> Unrest,
    IReadOnlyList<Promise> Promises,
    IReadOnlyList<string> Surprises,
    int Answered);
