using EventFly.Events.Events;

namespace EventFly.Events.Tests.Events;

/// <summary>Situations that tests start from.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static EventDetails Details(DateTimeOffset? startsAt = null, Venue? venue = null, params string[] tags) => new(
        "Summer Night", "Music by the river.", startsAt ?? Now.AddDays(30), (startsAt ?? Now.AddDays(30)).AddHours(5), "Europe/Berlin", venue, null, null, tags, Visibility.Public);

    public static TicketType TicketType(Guid? id = null, long price = 2_500, string currency = "EUR", int quantity = 100, int position = 0) =>
        new(id ?? Guid.CreateVersion7(), "Regular", null, price, currency, quantity, null, null, null, position);

    public static Event Draft(DateTimeOffset? startsAt = null, params TicketType[] ticketTypes) =>
        new(Guid.CreateVersion7(), Guid.CreateVersion7(), EventStatus.Draft, Details(startsAt), ticketTypes, Now);

    public static Event Published(params TicketType[] ticketTypes) =>
        Draft(null, ticketTypes.Length > 0 ? ticketTypes : [TicketType()]) with { Status = EventStatus.Published, PublishedAt = Now };

    public static Event Cancelled() => Published() with { Status = EventStatus.Cancelled, CancelledAt = Now, CancellationReason = "Storm" };
}
