using System.Buffers.Text;
using System.Globalization;

namespace EventFly.Participants.Tickets;

/// <summary>A JSON Web Key (RFC 7517); <c>kid</c> is the key number in the code.</summary>
internal sealed record PublicTicketKey(string Kty, string Crv, string Use, string Alg, string Kid, string X, string Y)
{
    public static IReadOnlyList<PublicTicketKey> Of(TicketSigner signer)
    {
        var (number, point) = signer.PublicKey;
        return
        [
            new PublicTicketKey(
                "EC", "P-256", "sig", "ES256", number.ToString(CultureInfo.InvariantCulture),
                Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y)),
        ];
    }
}
