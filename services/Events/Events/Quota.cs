using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Events.Events;

/// <summary>A limit that several kinds of tickets share: the seats of a hall, the whole event. Ticket types name the quotas that they draw on.</summary>
/// <param name="Capacity">Tickets of all these kinds together. May be lowered below what is sold: then nothing more is sold.</param>
public sealed record Quota(Guid QuotaId, string Name, int Capacity)
{
    public const int MaxCapacity = 10_000_000;

    /// <summary>The same quota in its one spelling, or why it makes no sense.</summary>
    public (Quota? Quota, Refusal? Refusal) Checked()
    {
        var tidy = this with { Name = Name.Trim() };
        return tidy.Fault() is { } fault ? (null, fault) : (tidy, null);
    }

    private Refusal? Fault() => this switch
    {
        { QuotaId: var id } when id == Guid.Empty =>
            Refusal.Invalid("id-empty", "Choose an id of your own, a UUIDv7.", "quotaId"),
        { Name: var name } when name.Length is 0 or > 100 || name.Any(char.IsControl) =>
            Refusal.Invalid("name-invalid", "A quota's name has 1 to 100 characters on one line.", "name"),
        { Capacity: < 0 or > MaxCapacity } =>
            Refusal.Invalid("capacity-out-of-range", "The capacity is 0 to 10,000,000.", "capacity"),
        _ => null,
    };
}
