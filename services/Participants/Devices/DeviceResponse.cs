namespace EventFly.Participants.Devices;

/// <summary>A device as organisers see it.</summary>
internal sealed record DeviceResponse(
    Guid DeviceId,
    string Name,
    IReadOnlyList<string> Gates,
    IReadOnlyList<Guid>? TicketTypeIds,
    DeviceStatus Status,
    DateTimeOffset RegisteredAt,
    DateTimeOffset? PairedAt,
    DateTimeOffset? LastSeenAt,
    DateTimeOffset? RevokedAt)
{
    public static DeviceResponse Of(Device device) => new(
        device.DeviceId, device.Name, device.Gates, device.TicketTypeIds, device.Status, device.RegisteredAt, device.PairedAt, device.LastSeenAt, device.RevokedAt);
}
