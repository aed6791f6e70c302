using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Orders;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace EventFly.Participants.Transfers;

/// <summary>The holder of a ticket gets a secret code; whoever shows it gets the ticket. Sending it again makes a fresh code.</summary>
internal static class OfferTransfer
{
    /// <param name="RecipientId">The one account that may take it; absent: whoever has the code.</param>
    public sealed record Request(Guid? RecipientId = null);

    /// <param name="Code">Shown this once; it is kept nowhere.</param>
    public sealed record Response(Guid TransferId, Guid TicketId, string Code, Guid? RecipientId, DateTimeOffset Until);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPut("/tickets/{ticketId:guid}/transfers/{transferId:guid}", Handle).RequireParticipant().WithName("OfferTransfer");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid ticketId, Guid transferId, Request request, CurrentUser user, HttpResponse http,
        Documents<Ticket> tickets, Documents<EventAtDoor> events, Documents<EventRules> rules, Streams streams,
        IOptions<TransferOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await tickets.Get(ticketId.ToString(), cancellationToken) is not { Body: var ticket } || ticket.Holder != user.Id)
        {
            return Ticket.TicketUnknown.ToProblem();
        }

        var now = clock.GetUtcNow();
        var (at, _, obstacle) = await Transferring.Look(ticket, events, rules, streams, now, cancellationToken);
        if (obstacle is not null)
        {
            return obstacle.ToProblem();
        }

        var code = TransferCode.Make();
        var until = now + options.Value.OfferTime < at!.EndsAt ? now + options.Value.OfferTime : at.EndsAt;
        var offer = new TransferOffer(transferId, TransferCode.HashOf(code), request.RecipientId, now, until);
        var (_, refusal) = await tickets.Change(
            ticketId.ToString(), known => known is null ? Ticket.TicketUnknown : known.Body.OfferTo(user.Id, offer, now), cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        http.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Response(transferId, ticketId, code, request.RecipientId, until));
    }
}
