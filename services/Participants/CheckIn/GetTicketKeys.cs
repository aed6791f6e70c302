using System.Buffers.Text;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.CheckIn;

/// <summary>The public half of the ticket codes, so that a door device can tell a ticket without asking us.</summary>
internal static class GetTicketKeys
{
    /// <summary>A JSON Web Key Set (RFC 7517); <c>kid</c> is the key number in the code.</summary>
    public sealed record Response(IReadOnlyList<Key> Keys);

    public sealed record Key(string Kty, string Crv, string Use, string Alg, string Kid, string X, string Y);

    public static void Map(RouteGroupBuilder api) => api.MapGet("/ticket-keys", Handle).AllowAnonymous().WithName("GetTicketKeys");

    private static Ok<Response> Handle(HttpResponse http, TicketSigner signer)
    {
        var (number, point) = signer.PublicKey;
        http.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(new Response([new Key(
            "EC", "P-256", "sig", "ES256", number.ToString(CultureInfo.InvariantCulture),
            Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y))]));
    }
}
