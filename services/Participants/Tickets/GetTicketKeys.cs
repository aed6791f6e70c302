using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Tickets;

/// <summary>The public half of the ticket codes, so that a door device can tell a ticket without asking us.</summary>
internal static class GetTicketKeys
{
    /// <summary>A JSON Web Key Set.</summary>
    public sealed record Response(IReadOnlyList<PublicTicketKey> Keys);

    public static void Map(RouteGroupBuilder api) => api.MapGet("/ticket-keys", Handle).AllowAnonymous().WithName("GetTicketKeys");

    private static Ok<Response> Handle(HttpResponse http, TicketSigner signer)
    {
        http.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(new Response(PublicTicketKey.Of(signer)));
    }
}
