using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Transfers;

/// <summary>The offer ends, and its code is worth nothing. Withdrawing what is over changes nothing.</summary>
internal static class WithdrawTransfer
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapDelete("/tickets/{ticketId:guid}/transfers/{transferId:guid}", Handle).RequireParticipant().WithName("WithdrawTransfer");

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid ticketId, Guid transferId, CurrentUser user, Documents<Ticket> tickets, CancellationToken cancellationToken)
    {
        var (_, refusal) = await tickets.Change(
            ticketId.ToString(), known => known is null ? Ticket.TicketUnknown : known.Body.Withdraw(user.Id, transferId), cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
