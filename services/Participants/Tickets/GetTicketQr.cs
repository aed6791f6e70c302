using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using QRCoder;

namespace EventFly.Participants.Tickets;

internal static class GetTicketQr
{
    private const int PixelsPerModule = 8;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/tickets/{ticketId:guid}/qr.png", Png).RequireParticipant().WithName("GetTicketQrPng").Produces<byte[]>(200, "image/png");
        api.MapGet("/tickets/{ticketId:guid}/qr.svg", Svg).RequireParticipant().WithName("GetTicketQrSvg").Produces<string>(200, "image/svg+xml");
    }

    private static Task<Results<FileContentHttpResult, StatusCodeHttpResult, ProblemHttpResult>> Png(
        Guid ticketId, CurrentUser user, HttpContext http, Documents<Ticket> tickets, CancellationToken cancellationToken) =>
        Draw(ticketId, user, http, tickets, "image/png", static drawing => new PngByteQRCode(drawing).GetGraphic(PixelsPerModule), cancellationToken);

    private static Task<Results<FileContentHttpResult, StatusCodeHttpResult, ProblemHttpResult>> Svg(
        Guid ticketId, CurrentUser user, HttpContext http, Documents<Ticket> tickets, CancellationToken cancellationToken) =>
        Draw(
            ticketId, user, http, tickets, "image/svg+xml",
            static drawing => System.Text.Encoding.UTF8.GetBytes(new SvgQRCode(drawing).GetGraphic(PixelsPerModule)), cancellationToken);

    private static async Task<Results<FileContentHttpResult, StatusCodeHttpResult, ProblemHttpResult>> Draw(
        Guid ticketId, CurrentUser user, HttpContext http, Documents<Ticket> tickets, string contentType,
        Func<QRCodeData, byte[]> draw, CancellationToken cancellationToken)
    {
        if (await tickets.Get(ticketId.ToString(), cancellationToken) is not { Body: var ticket } || ticket.Holder != user.Id)
        {
            return Refusal.NotFound("ticket-unknown", "There is no such ticket.").ToProblem();
        }

        if (ticket.IsVoid)
        {
            return Refusal.Conflict("ticket-void", "This ticket was refunded or cancelled.").ToProblem();
        }

        // The picture changes with the code and with nothing else.
        http.Response.SetETag(ticket.CodeVersion);
        http.Response.Headers.CacheControl = "private, max-age=60";
        http.Response.Headers.Vary = "Authorization";
        if (http.Request.Has(ticket.CodeVersion))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        using var generator = new QRCodeGenerator();
        using var drawing = generator.CreateQrCode(ticket.Code, QRCodeGenerator.ECCLevel.M);
        return TypedResults.File(draw(drawing), contentType);
    }
}
