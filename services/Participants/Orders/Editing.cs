using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Orders;

/// <summary>What all changes of an order have in common: who, at which version, and the answer.</summary>
internal static class Editing
{
    /// <summary>The organiser's people change an order by the permission that lets them take it back as well.</summary>
    public static Editor EditorOf(CurrentUser user, OrderDetails details) =>
        new(user.Id, user.ActsFor(details.OrganizationId) && user.May(Permissions.OrderRefund, details.EventId));

    /// <summary>
    /// A change that was made before is fine at any version; a new one must know what it changes. Who only holds a ticket cannot read the order,
    /// so the version is heeded where they send it.
    /// </summary>
    public static Decision<OrderEvent> IfCurrent(Order order, IfMatch ifMatch, Editor editor, Decision<OrderEvent> decision) =>
        decision.Events.Count > 0 && ifMatch.Refuse(order.Revision) is { } stale
            && (stale.Kind is not RefusalKind.PreconditionRequired || editor.IsOrganizer || editor.Id == order.Details!.BuyerId)
            ? stale
            : decision;

    /// <summary>The order for those whose it is; who only holds a ticket hears that it is done.</summary>
    public static Results<Ok<OrderResponse>, NoContent, ProblemHttpResult> Answer(Decided<Order> changed, Editor editor, HttpResponse http)
    {
        if (changed.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        http.SetETag(changed.Version);
        return editor.IsOrganizer || editor.Id == changed.State.Details!.BuyerId
            ? TypedResults.Ok(OrderResponse.Of(changed.State, editor.IsOrganizer))
            : TypedResults.NoContent();
    }
}
