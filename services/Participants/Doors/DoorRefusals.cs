using EventFly.BuildingBlocks.Decisions;
using EventFly.Participants.Scans;

namespace EventFly.Participants.Doors;

/// <summary>What a door says when it does not open.</summary>
internal static class DoorRefusals
{
    public static Refusal NotThisGate { get; } = Refusal.Unprocessable("gate-not-of-device", "This device does not stand at this gate.", "gate");

    /// <summary>Why a scan that was answered at the door let nobody pass.</summary>
    public static Refusal Of(Entry entry, ScanLog scans)
    {
        if (entry.Undone is not null)
        {
            return Refusal.Conflict("scan-undone", "This scan was undone. Scan the ticket again.");
        }

        var code = entry.Scan.Because ?? entry.Reason ?? "refused";
        var refusal = Refusal.Conflict(code, code switch
        {
            "already-admitted" => "This ticket was admitted before.",
            "too-soon" => "This ticket was admitted a moment ago.",
            "ticket-void" => "This ticket was refunded or cancelled.",
            "code-outdated" => "This ticket has a newer code.",
            "wrong-gate" => "This ticket does not pass this gate.",
            "gate-unknown" => "There is no such gate.",
            "ticket-type-not-of-device" => "This device does not let in this type of ticket.",
            _ => "This ticket is not let in.",
        });
        return (entry.Scan.Against ?? entry.Against) is { } against && scans.EntryOf(against)?.Scan is { } first
            ? refusal with { Details = new Dictionary<string, object?> { ["admittedAt"] = first.At, ["gate"] = first.Gate, ["scanId"] = first.ScanId } }
            : refusal;
    }
}
