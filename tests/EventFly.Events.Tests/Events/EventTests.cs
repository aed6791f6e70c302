using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Events;
using EventFly.Events.Events;
using static EventFly.Events.Tests.Events.Given;

namespace EventFly.Events.Tests.Events;

public class EventTests
{
    [Fact]
    public void A_draft_without_ticket_types_is_not_published() => Refused("no-ticket-types", Draft().Publish(Now));

    [Fact]
    public void An_event_that_has_begun_is_not_published()
    {
        Refused("start-in-past", Draft(Now, TicketType()).Publish(Now));
        Assert.Null(Draft(Now.AddMilliseconds(1), TicketType()).Publish(Now).Refusal);
    }

    [Fact]
    public void Publishing_announces_all_that_a_sale_needs()
    {
        var (free, paid) = (TicketType(price: 0), TicketType(quantity: 7));
        var draft = Draft(null, free, paid) with { Details = Details(venue: new Venue("Old Mill", "River Road 1")) };

        var change = draft.Publish(Now);

        Assert.Equal(EventStatus.Published, change.Body!.Status);
        Assert.Equal(Now, change.Body.PublishedAt);
        var published = Assert.IsType<EventPublished>(Assert.Single(change.Messages));
        Assert.Equal((draft.EventId, draft.OrganizationId, "Summer Night", "Old Mill, River Road 1"), (published.EventId, published.OrganizationId, published.Name, published.Venue));
        Assert.Equal((draft.Details.StartsAt, draft.Details.EndsAt), (published.StartsAt, published.EndsAt));
        Assert.Equal(
            [new TicketTypeTerms(free.TicketTypeId, "Regular", 0, "EUR", 100, null, null, null), new TicketTypeTerms(paid.TicketTypeId, "Regular", 2_500, "EUR", 7, null, null, null)],
            published.TicketTypes);
    }

    [Fact]
    public void Publishing_again_changes_nothing() => Nothing(Published().Publish(Now.AddYears(1)));

    [Fact]
    public void Nothing_is_said_about_a_draft()
    {
        Assert.Empty(Draft().Edit(Details(tags: "new"), Now).Messages);
        Assert.Empty(Draft().SetTicketType(TicketType()).Messages);
    }

    [Fact]
    public void Every_edit_of_a_published_event_is_announced_whole()
    {
        var published = Published();

        var edited = Assert.IsType<EventChanged>(Assert.Single(published.Edit(Details() with { Name = "Winter Night" }, Now).Messages));
        Assert.Equal(("Winter Night", 1), (edited.Name, edited.TicketTypes.Count));

        var added = Assert.IsType<EventChanged>(Assert.Single(published.SetTicketType(TicketType(price: 0)).Messages));
        Assert.Equal(2, added.TicketTypes.Count);
    }

    [Fact]
    public void A_published_event_is_not_moved_into_the_past()
    {
        Refused("start-in-past", Published().Edit(Details(Now), Now));
        Assert.Null(Draft().Edit(Details(Now), Now).Refusal);
    }

    [Fact]
    public void The_description_of_an_event_that_has_begun_can_still_be_edited() =>
        Assert.Null(Published().Edit(Details() with { Description = "It rains: come to the hall." }, Now.AddDays(31)).Refusal);

    [Fact]
    public void A_cancelled_event_stays_as_it_is()
    {
        Refused("event-cancelled", Cancelled().Edit(Details() with { Name = "Other" }, Now));
        Refused("event-cancelled", Cancelled().Publish(Now));
        Refused("event-cancelled", Cancelled().SetTicketType(TicketType()));
        Refused("event-cancelled", Cancelled() is var cancelled ? cancelled.RemoveTicketType(cancelled.TicketTypes[0].TicketTypeId) : null!);
        Refused("event-published", Cancelled().Delete());
        Nothing(Cancelled().Cancel("Another reason", Now));
    }

    [Fact]
    public void Cancelling_says_why_to_everybody()
    {
        var published = Published();

        var change = published.Cancel("Storm", Now);

        Assert.Equal([new EventCancelled(published.EventId, published.OrganizationId, "Storm")], change.Messages);
        Assert.Equal((EventStatus.Cancelled, Now, "Storm"), (change.Body!.Status, change.Body.CancelledAt, change.Body.CancellationReason));
    }

    [Fact]
    public void A_draft_is_deleted_and_not_cancelled()
    {
        Refused("event-not-published", Draft().Cancel("Storm", Now));
        Assert.True(Draft().Delete().Delete);
        Refused("event-published", Published().Delete());
    }

    [Fact]
    public void All_tickets_of_an_event_are_sold_in_one_currency()
    {
        var (first, second) = (TicketType(), TicketType());

        Refused("currency-differs", Draft(null, first).SetTicketType(TicketType(currency: "USD")));
        Refused("currency-differs", Draft(null, first, second).SetTicketType(first with { Currency = "USD" }));
        Assert.Equal("USD", Draft(null, first).SetTicketType(first with { Currency = "USD" }).Body!.TicketTypes[0].Currency);
        Refused("currency-fixed", Published(first).SetTicketType(first with { Currency = "USD" }));
    }

    [Fact]
    public void After_publication_terms_change_and_types_are_added_but_none_goes()
    {
        var type = TicketType();

        Assert.Equal(5, Published(type).SetTicketType(type with { Quantity = 5 }).Body!.TicketTypes[0].Quantity);
        Assert.Equal(9_900, Published(type).SetTicketType(type with { Price = 9_900 }).Body!.TicketTypes[0].Price);
        Assert.Equal(2, Published(type).SetTicketType(TicketType()).Body!.TicketTypes.Count);
        Refused("ticket-type-published", Published(type).RemoveTicketType(type.TicketTypeId));
        Assert.Empty(Draft(null, type).RemoveTicketType(type.TicketTypeId).Body!.TicketTypes);
    }

    [Fact]
    public void Removing_a_type_that_is_not_there_changes_nothing()
    {
        Nothing(Draft().RemoveTicketType(Guid.CreateVersion7()));
        Nothing(Published().RemoveTicketType(Guid.CreateVersion7()));
    }

    [Fact]
    public void An_event_has_at_most_fifty_types()
    {
        var types = Enumerable.Range(0, 50).Select(_ => TicketType()).ToArray();

        Refused("too-many-ticket-types", Draft(null, types).SetTicketType(TicketType()));
        Assert.Null(Draft(null, types).SetTicketType(types[7] with { Quantity = 1 }).Refusal);
        Assert.Equal(50, Draft(null, types[1..]).SetTicketType(types[0]).Body!.TicketTypes.Count);
    }

    [Fact]
    public void Types_are_kept_in_the_order_that_the_organiser_wants()
    {
        var (last, first) = (TicketType(position: 9), TicketType(position: 1));

        Assert.Equal([first, last], Draft(null, last).SetTicketType(first).Body!.TicketTypes);
    }

    private static void Refused(string code, Change<Event> change) => Assert.Equal(code, change.Refusal?.Code);

    private static void Nothing(Change<Event> change) =>
        Assert.Equal((null, null, false, 0), ((object?)change.Body, (Refusal?)change.Refusal, change.Delete, change.Messages.Count));
}
