using System.Globalization;
using EventFly.BuildingBlocks.Documents;
using Said = EventFly.Contracts.Participants;

namespace EventFly.Participants.Inventory;

/// <summary>One line of an event's price history.</summary>
internal sealed record PriceChangeView(
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
    DateTimeOffset At)
{
    public static DocumentType<PriceChangeView> Type { get; } = new DocumentType<PriceChangeView>("price_changes", change => IdOf(change.EventId, change.Number))
        .Text("event", change => change.EventId.ToString())
        .Text("ticketType", change => change.TicketTypeId.ToString())
        .Integer("number", change => change.Number)
        .Index("event", "number");

    public static string IdOf(Guid eventId, int number) => string.Create(CultureInfo.InvariantCulture, $"{eventId:N}-{number}");

    public static PriceChangeView Of(Said.PriceChanged said) => new(
        said.EventId, said.TicketTypeId, said.TicketTypeName, said.Number, said.From, said.To, said.Currency, said.Tier, said.DemandFrom, said.Taken, said.At);
}
