using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Orders;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Transfers;

/// <summary>Whoever shows the code becomes the ticket's holder, under their own name. Showing it again gets the same answer.</summary>
internal static class AcceptTransfer
{
    /// <param name="Code">As its holder passed it on.</param>
    /// <param name="Answers">To what is asked about attendees; the answers of the one before go.</param>
    public sealed record Request(
        [MaxLength(TransferCode.Longest)] string Code,
        [MaxLength(400)] string Name,
        [MaxLength(400)] string Email,
        [MaxLength(PlaceOrder.MostAnswers)] IReadOnlyDictionary<Guid, IReadOnlyList<string>>? Answers = null);

    public sealed record Response(Guid TicketId, Guid EventId, string TicketTypeName, string AttendeeName, string AttendeeEmail, string Code);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/transfers/acceptance", Handle).RequireParticipant().WithName("AcceptTransfer");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Request request, CurrentUser user, HttpResponse http,
        Documents<Ticket> tickets, Documents<EventAtDoor> events, Documents<EventRules> rules, Streams streams, TicketSigner signer,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Attendees.PersonRefusal(request.Name, request.Email) is { } wrong)
        {
            return wrong.ToProblem();
        }

        var hash = TransferCode.HashOf(request.Code);
        var found = await tickets.Query(new Query([new Where.Eq("transfer", hash)], [], 1), cancellationToken);
        if (found.Items is not [{ Body: var ticket }])
        {
            return Ticket.TransferUnknown.ToProblem();
        }

        var now = clock.GetUtcNow();
        var answers = AnswerLists.Tidy(request.Answers);
        if (!ticket.HasTaken(hash, user.Id))
        {
            var (_, known, obstacle) = await Transferring.Look(ticket, events, rules, streams, now, cancellationToken);
            if ((obstacle ?? known?.Questions.RefusalOf(ticket.TicketTypeId, answers)) is { } notNow)
            {
                return notNow.ToProblem();
            }

            answers = known?.Questions.Worded(answers) ?? answers;
        }

        var (taken, refusal) = await tickets.Change(
            ticket.TicketId.ToString(),
            current => current is null
                ? Ticket.TransferUnknown
                : current.Body.Accept(
                    hash, user.Id, request.Name.Trim(), request.Email.Trim(), answers, version => signer.Sign(ticket.TicketId, ticket.EventId, version), now),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        // Should this not be reached, the ticket's own news tells them.
        await Transferring.TellOthers(taken!, streams, clock, cancellationToken);
        http.Headers.CacheControl = "no-store";
        var mine = taken!.Body;
        return TypedResults.Ok(new Response(mine.TicketId, mine.EventId, mine.TicketTypeName, mine.AttendeeName, mine.AttendeeEmail, mine.Code));
    }
}
