namespace EventFly.Contracts.Participants;

/// <summary>A ticket has another holder. Its earlier codes admit nobody any more; money for it still goes back to whoever paid.</summary>
/// <param name="CodeVersion">The version that its codes have from now on.</param>
[Contract("participants", "TicketTransferred")]
public sealed record TicketTransferred(
    Guid TicketId,
    Guid OrderId,
    Guid EventId,
    Guid OrganizationId,
    Guid FromHolderId,
    Guid ToHolderId,
    string AttendeeName,
    string AttendeeEmail,
    int CodeVersion,
    DateTimeOffset At);
