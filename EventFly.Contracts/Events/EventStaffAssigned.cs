namespace EventFly.Contracts.Events;

/// <summary>What somebody of the staff may do at one event, beside what they may do at all; whole, so that the last one heard is enough.</summary>
/// <param name="StaffId">In the organisation.</param>
/// <param name="AccountId">Whose tokens it is about.</param>
/// <param name="Role">The name of the event's role.</param>
[Contract("events", "EventStaffAssigned")]
public sealed record EventStaffAssigned(
    Guid EventId, Guid OrganizationId, Guid StaffId, Guid? AccountId, string Role, IReadOnlyList<string> Permissions)
{
    public string EventName { get; init; } = "";

    /// <summary>The account, or API key, that decided it.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>When it was decided. About one person at one event no two have the same; the latest holds, whichever is heard first.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>They were not assigned to this event before.</summary>
    public bool IsNew { get; init; }
}
