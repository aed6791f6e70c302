namespace EventFly.Contracts.Events;

/// <summary>Somebody of the staff does not work at this event any more.</summary>
/// <param name="StaffId">In the organisation.</param>
/// <param name="AccountId">Whose tokens it is about.</param>
[Contract("events", "EventStaffRemoved")]
public sealed record EventStaffRemoved(Guid EventId, Guid OrganizationId, Guid StaffId, Guid? AccountId)
{
    /// <summary>The account, or API key, that decided it; null: they left the organisation.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>When it was decided; see <see cref="EventStaffAssigned.At"/>.</summary>
    public DateTimeOffset At { get; init; }
}
