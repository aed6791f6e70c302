using System.Globalization;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Participants.Tickets;

/// <summary>A key that ticket codes are signed with.</summary>
/// <param name="Number">Stands in each code.</param>
/// <param name="PrivateKey">PKCS#8, base64. Leaves this service never.</param>
internal sealed record TicketKey(int Number, string PrivateKey, DateTimeOffset CreatedAt)
{
    public static DocumentType<TicketKey> Type { get; } = new("ticket_keys", key => key.Number.ToString(CultureInfo.InvariantCulture));
}
