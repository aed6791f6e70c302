namespace EventFly.Contracts.Participants;

/// <summary>A buyer ordered what is held. With an amount of 0 nothing has to be paid.</summary>
/// <param name="Amount">In minor units of the currency.</param>
/// <param name="Currency">ISO 4217, upper case.</param>
/// <param name="PayBy">The hold's deadline: later payments may find the tickets gone.</param>
[Contract("participants", "OrderPlaced")]
public sealed record OrderPlaced(
    Guid OrderId, Guid EventId, Guid OrganizationId, Guid BuyerId, long Amount, string Currency, DateTimeOffset PayBy)
{
    /// <summary>How many tickets it is for. 0: not told.</summary>
    public int Tickets { get; init; }
}
