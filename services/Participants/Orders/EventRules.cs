using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Events;

namespace EventFly.Participants.Orders;

/// <summary>What orders have to know of an event: what is asked, and what may still be done once an order is placed.</summary>
/// <param name="Revision">Version of the event at its organiser.</param>
internal sealed record EventRules(
    Guid EventId,
    Guid OrganizationId,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    IReadOnlyList<QuestionTerms> Questions,
    AfterSaleTerms AfterSale,
    long Revision)
{
    public static DocumentType<EventRules> Type { get; } = new("event_rules", rules => rules.EventId.ToString());

    /// <summary>Until then names and answers may be changed by those whose tickets they are.</summary>
    public DateTimeOffset ChangesUntil => StartsAt.AddHours(-AfterSale.ChangesUntilHours);

    public CancellationTerms Cancellation => new(
        StartsAt, AfterSale.CancellationUntilHours is { } hours ? StartsAt.AddHours(-hours) : null, AfterSale.CancellationFeePercent);
}

internal static class EventRulesReading
{
    /// <summary>For an event that was announced before there were such rules: those that hold where nothing is said.</summary>
    public static async Task<EventRules> RulesOf(this Documents<EventRules> rules, OrderDetails order, CancellationToken cancellationToken) =>
        (await rules.Get(order.EventId.ToString(), cancellationToken))?.Body
            ?? new EventRules(order.EventId, order.OrganizationId, order.EventStartsAt, order.EventStartsAt, [], new AfterSaleTerms(), 0);
}
