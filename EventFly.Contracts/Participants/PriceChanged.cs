namespace EventFly.Contracts.Participants;

/// <summary>The next ticket of a type costs something else from here on.</summary>
/// <param name="Number">Counts the changes of the event's prices, from 1.</param>
/// <param name="From">In minor units of the currency; null for the first price.</param>
/// <param name="To">In minor units of the currency.</param>
/// <param name="Currency">ISO 4217, upper case.</param>
/// <param name="Tier">The early tier that made the price, where one did.</param>
/// <param name="DemandFrom">The percentage at which the demand step began that made the price, where one did.</param>
/// <param name="Taken">Tickets of the type that were held or sold then.</param>
[Contract("participants", "PriceChanged")]
public sealed record PriceChanged(
    Guid EventId,
    Guid TicketTypeId,
    string TicketTypeName,
    int Number,
    long? From,
    long To,
    string Currency,
    string? Tier,
    int? DemandFrom,
    int Taken,
    DateTimeOffset At);
