using System.Collections.Immutable;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Participants.Devices;

internal enum DeviceStatus
{
    /// <summary>Has no token yet.</summary>
    Waiting,
    Paired,
    Revoked,
}

/// <summary>A scanner at the doors of one event. It is known by a token that only it has; here are hashes.</summary>
/// <param name="Gates">Where it may stand; empty for anywhere.</param>
/// <param name="TicketTypeIds">Whom it may let in; null for everybody.</param>
/// <param name="PairingHash">Of the code that is changed into a token once; null when there is none.</param>
/// <param name="LastSeenAt">To the minute.</param>
internal sealed record Device(
    Guid DeviceId,
    Guid EventId,
    Guid OrganizationId,
    string Name,
    ImmutableArray<string> Gates,
    ImmutableArray<Guid>? TicketTypeIds,
    string? PairingHash,
    DateTimeOffset? PairingUntil,
    string? TokenHash,
    DateTimeOffset RegisteredAt,
    DateTimeOffset? PairedAt,
    DateTimeOffset? LastSeenAt,
    DateTimeOffset? RevokedAt)
{
    public static readonly TimeSpan PairingTime = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static DocumentType<Device> Type { get; } = new DocumentType<Device>("devices", device => device.DeviceId.ToString())
        .Text("event", device => device.EventId.ToString())
        .Text("name", device => device.Name)
        .Text("pairing", device => device.PairingHash)
        .Unique("pairing", device => device.PairingHash)
        .Index("event", "name")
        .Index("pairing");

    public DeviceStatus Status => this switch
    {
        { RevokedAt: not null } => DeviceStatus.Revoked,
        { TokenHash: not null } => DeviceStatus.Paired,
        _ => DeviceStatus.Waiting,
    };

    public bool StandsAt(string gate) => Gates.IsEmpty || Gates.Contains(gate);

    public bool Admits(Guid ticketTypeId) => TicketTypeIds is not { } some || some.Contains(ticketTypeId);

    public bool WasNotSeenFor(DateTimeOffset now) => LastSeenAt is not { } last || now - last >= Minute;

    public Change<Device> Describe(string name, ImmutableArray<string> gates, ImmutableArray<Guid>? ticketTypeIds)
    {
        if (RevokedAt is not null)
        {
            return Gone;
        }

        var same = Name == name && Gates.SequenceEqual(gates)
            && (TicketTypeIds is { } mine ? ticketTypeIds is { } theirs && mine.SequenceEqual(theirs) : ticketTypeIds is null);
        return same ? Decision.Nothing : this with { Name = name, Gates = gates, TicketTypeIds = ticketTypeIds };
    }

    /// <summary>The token that it has goes on until the code is used.</summary>
    public Change<Device> OfferPairing(string pairingHash, DateTimeOffset now) =>
        RevokedAt is not null ? Gone : this with { PairingHash = pairingHash, PairingUntil = now + PairingTime };

    public Change<Device> Pair(string pairingHash, string tokenHash, DateTimeOffset now) =>
        RevokedAt is null && PairingHash == pairingHash && now < PairingUntil
            ? this with { PairingHash = null, PairingUntil = null, TokenHash = tokenHash, PairedAt = now }
            : NoSuchCode;

    public Change<Device> Revoke(DateTimeOffset now) =>
        RevokedAt is not null ? Decision.Nothing : this with { RevokedAt = now, PairingHash = null, PairingUntil = null, TokenHash = null };

    public static Refusal NoSuchCode { get; } = Refusal.NotFound("pairing-code-unknown", "This pairing code is not known, was used or has expired. Ask for a new one.");

    public static Refusal Unknown { get; } = Refusal.NotFound("device-unknown", "There is no such device.");

    private static Refusal Gone { get; } = Refusal.Conflict("device-revoked", "This device was revoked. Register another.");
}
