using EventFly.Participants.Scans;

namespace EventFly.Participants.Doors;

/// <summary>How the doors of an event work.</summary>
/// <param name="PauseSeconds">At least so long after the last admission.</param>
/// <param name="Gates">None: every gate that is named exists.</param>
/// <param name="TicketTypes">Those with a rule of their own.</param>
internal sealed record DoorRulesResponse(
    Reentry Reentry, int PauseSeconds, IReadOnlyList<DoorRulesResponse.Gate> Gates, IReadOnlyList<DoorRulesResponse.TicketType> TicketTypes)
{
    /// <param name="TicketTypeIds">Who may pass; absent for everybody.</param>
    internal sealed record Gate(string Name, IReadOnlyList<Guid>? TicketTypeIds);

    internal sealed record TicketType(Guid TicketTypeId, Reentry Reentry, int PauseSeconds);

    public static DoorRulesResponse Of(DoorRules rules) => new(
        rules.Rule.Reentry,
        rules.Rule.PauseSeconds,
        [.. rules.Gates.Select(gate => new Gate(gate.Name, gate.TicketTypeIds))],
        [.. rules.TicketTypes.Select(own => new TicketType(own.TicketTypeId, own.Rule.Reentry, own.Rule.PauseSeconds))]);
}
