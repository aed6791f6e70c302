using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Inventory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Orders;

/// <summary>The buyer does without some of the tickets (If-Match is heeded where it is sent). Repeating it changes nothing.</summary>
internal static class CancelTickets
{
    public sealed record Request([MinLength(1), MaxLength(TicketInventory.MostPerHold)] IReadOnlyList<Guid> TicketIds);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/orders/{orderId:guid}/tickets/cancellation", Handle).RequireParticipant().WithName("CancelTickets");

    private static async Task<Results<Ok<OrderResponse>, ProblemHttpResult>> Handle(
        Guid orderId, Request request, IfMatch ifMatch, CurrentUser user, HttpResponse http,
        Streams streams, Documents<EventRules> rules, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (details, unread) = await streams.DetailsOf(orderId, cancellationToken);
        if (details is null)
        {
            return unread!.ToProblem();
        }

        var terms = (await rules.RulesOf(details, cancellationToken)).Cancellation;
        var cancelled = await streams.DecideOrder(
            orderId,
            state =>
            {
                var decision = state.CancelTickets(user.Id, request.TicketIds, terms, clock.GetUtcNow());
                return decision.Events.Count > 0 && ifMatch.Refuse(state.Revision) is { Kind: not RefusalKind.PreconditionRequired } stale ? stale : decision;
            },
            cancellationToken);
        if (cancelled.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        // Should one of the next steps not be reached, the order's own news takes it; the payment that comes meanwhile finds its way either way.
        await ReturnTickets.Of(cancelled.State, streams, clock, cancellationToken);
        if (cancelled.State is { Status: OrderStatus.Placed, Amount: 0 })
        {
            cancelled = await FinishFreeOrder.Finish(streams, details, clock, cancellationToken);
            if (cancelled.Refusal is { } notNow)
            {
                return notNow.ToProblem();
            }
        }

        http.SetETag(cancelled.Version);
        return TypedResults.Ok(OrderResponse.Of(cancelled.State));
    }
}
