using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.CheckIn;

internal static class CheckInTicket
{
    /// <param name="ScanId">Chosen by the device; sending the same scan again gets the same answer.</param>
    /// <param name="Code">What the QR code says.</param>
    public sealed record Request(
        Guid ScanId, [MaxLength(1000)] string Code, [MinLength(1), MaxLength(100)] string Gate, DateTimeOffset? DeviceTime);

    public sealed record Response(
        Guid TicketId, Guid OrderId, Guid ScanId, TicketStatus Status, string AttendeeName, string TicketTypeName, DateTimeOffset AdmittedAt, string Gate);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/events/{eventId:guid}/checkins", Handle).RequirePermission("checkin.scan").WithName("CheckInTicket");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, Request request, CurrentUser user,
        Documents<Ticket> tickets, Documents<EventAtDoor> events, TicketSigner signer, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await events.Get(eventId.ToString(), cancellationToken) is not { Body: var at } || !user.ActsFor(at.OrganizationId))
        {
            return Refusal.NotFound("event-unknown", "There is no such event.").ToProblem();
        }

        if (!TicketCode.TryRead(request.Code.Trim(), out var code, out var signed, out var signature))
        {
            return Refusal.Unprocessable("code-unreadable", "This is no ticket code.", "code").ToProblem();
        }

        if (!signer.IsOurs(code, signed, signature))
        {
            return Refusal.Unprocessable("code-forged", "This code was not made here.", "code").ToProblem();
        }

        if (code.EventId != eventId)
        {
            return Refusal.Unprocessable("code-of-other-event", "This ticket is for another event.", "code").ToProblem();
        }

        var scan = new Admission(request.ScanId, request.Gate.Trim(), clock.GetUtcNow(), request.DeviceTime, user.Id);
        var (admitted, refusal) = await tickets.Change(
            code.TicketId.ToString(),
            known => known switch
            {
                null => Refusal.Conflict("ticket-unknown", "This ticket is not here yet. Scan it again in a moment."),
                _ when known.Body.CodeVersion != code.Version => Refusal.Conflict("code-outdated", "This ticket has a newer code."),
                _ => known.Body.Admit(scan),
            },
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        var (ticket, first) = (admitted!.Body, admitted.Body.Admission!);
        return TypedResults.Ok(new Response(
            ticket.TicketId, ticket.OrderId, first.ScanId, ticket.Status, ticket.AttendeeName, ticket.TicketTypeName, first.At, first.Gate));
    }
}
