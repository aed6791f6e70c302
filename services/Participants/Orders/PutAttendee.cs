using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Orders;

/// <summary>Another name or address on a ticket (If-Match: the order's ETag): by its buyer or holder in time, by the organiser at any time.</summary>
internal static class PutAttendee
{
    public sealed record Request([MaxLength(400)] string Name, [MaxLength(400)] string Email);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPut("/orders/{orderId:guid}/tickets/{ticketId:guid}/attendee", Handle).RequireSignIn().WithName("PutAttendee");

    private static async Task<Results<Ok<OrderResponse>, NoContent, ProblemHttpResult>> Handle(
        Guid orderId, Guid ticketId, Request request, IfMatch ifMatch, CurrentUser user, HttpResponse http,
        Streams streams, Documents<EventRules> rules, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (details, unread) = await streams.DetailsOf(orderId, cancellationToken);
        if (details is null)
        {
            return unread!.ToProblem();
        }

        var until = (await rules.RulesOf(details, cancellationToken)).ChangesUntil;
        var editor = Editing.EditorOf(user, details);
        var changed = await streams.DecideOrder(
            orderId,
            state => Editing.IfCurrent(
                state, ifMatch, editor, state.NameAttendee(ticketId, request.Name, request.Email, editor, until, clock.GetUtcNow())),
            cancellationToken);
        return Editing.Answer(changed, editor, http);
    }
}
