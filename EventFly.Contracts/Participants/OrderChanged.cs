namespace EventFly.Contracts.Participants;

/// <summary>An order has fewer tickets, other names or other answers than before. Carries what is true after it.</summary>
/// <param name="Amount">What is to be paid, or was paid, in minor units of the currency. Falls, never rises.</param>
/// <param name="PayBy">The hold's deadline.</param>
/// <param name="Tickets">How many tickets the order still has.</param>
/// <param name="What">tickets-dropped, attendee-named, questions-answered or ticket-handed-over.</param>
[Contract("participants", "OrderChanged")]
public sealed record OrderChanged(
    Guid OrderId,
    Guid EventId,
    Guid OrganizationId,
    Guid BuyerId,
    long Amount,
    string Currency,
    DateTimeOffset PayBy,
    int Tickets,
    string What);
