using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Inventory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Orders;

internal static class PlaceOrder
{
    public sealed record Request(Guid EventId, [MinLength(1), MaxLength(TicketInventory.MostPerHold)] IReadOnlyList<AttendeeRequest> Attendees);

    public const int MostAnswers = 50;

    public readonly record struct AttendeeRequest(Guid TicketTypeId, [MaxLength(400)] string Name, [MaxLength(400)] string Email)
    {
        /// <summary>By question: one text, one choice, several choices, or yes or no.</summary>
        [MaxLength(MostAnswers)]
        public IReadOnlyDictionary<Guid, IReadOnlyList<string>>? Answers { get; init; }
    }

    public static void Map(RouteGroupBuilder api) => api.MapPut("/orders/{orderId:guid}", Handle).RequireParticipant().WithName("PlaceOrder");

    private static async Task<Results<Ok<OrderResponse>, ProblemHttpResult>> Handle(
        Guid orderId, Request request, CurrentUser user, HttpResponse http,
        Streams streams, Documents<EventRules> rules, TimeProvider clock, CancellationToken cancellationToken)
    {
        var attendees = request.Attendees.Select(attendee => new Attendee(attendee.TicketTypeId, attendee.Name, attendee.Email)
        {
            Answers = AnswerLists.Tidy(attendee.Answers),
        }).ToArray();
        var placed = await streams.ReadOrder(orderId, cancellationToken);
        if (placed is { Refusal: null, State.Details: not null })
        {
            placed = await streams.DecideOrder(orderId, order => order.RepeatedBy(user.Id, request.EventId, attendees), cancellationToken);
        }
        else if (placed.Refusal is null)
        {
            var (inventory, refusal) = await streams.ReadInventory(request.EventId, cancellationToken);
            if (refusal is not null)
            {
                return refusal.ToProblem();
            }

            if (OfferOf(inventory, orderId, user.Id) is not { } offer)
            {
                return Refusal.NotFound("hold-unknown", "You hold no tickets of this event under this order id.").ToProblem();
            }

            var questions = (await rules.Get(request.EventId.ToString(), cancellationToken))?.Body.Questions ?? [];
            if (questions.FirstRefusal(attendees) is { } wrong)
            {
                return wrong.ToProblem();
            }

            attendees = [.. attendees.Select(attendee => attendee with { Answers = questions.Worded(attendee.Answers) })];
            placed = await streams.DecideOrder(orderId, order => order.Place(offer, attendees, clock.GetUtcNow()), cancellationToken);
        }

        if (placed.Refusal is { } no)
        {
            return no.ToProblem();
        }

        if (placed.State is { Status: OrderStatus.Placed, Details: not null, Amount: 0 })
        {
            placed = await FinishFreeOrder.Finish(streams, placed.State.Details, clock, cancellationToken);
            if (placed.Refusal is { } notNow)
            {
                return notNow.ToProblem();
            }

            if (placed.State.Status is OrderStatus.Expired)
            {
                return Refusal.Conflict("sold-out", "The hold ended before the order was complete, and the tickets are gone.").ToProblem();
            }
        }

        http.SetETag(placed.Version);
        return TypedResults.Ok(OrderResponse.Of(placed.State));
    }

    private static Offer? OfferOf(TicketInventory inventory, Guid orderId, Guid buyerId) =>
        inventory.Terms is { } terms
        && inventory.Allotments.TryGetValue(orderId, out var hold)
        && hold.BuyerId == buyerId
        && hold.Status is AllotmentStatus.Held or AllotmentStatus.Lapsed
            ? new Offer(
                orderId, terms.EventId, terms.OrganizationId, buyerId, terms.Name, terms.StartsAt, hold.Currency,
                [.. hold.Lines.Select(line => new OfferedLine(line.TicketTypeId, line.TicketTypeName, line.Quantity, line.UnitPrice))],
                hold.Until)
            : null;
}
