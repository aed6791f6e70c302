namespace EventFly.Contracts.Organizations;

/// <summary>A package that organisations may subscribe to was made or changed. Carries the whole of it.</summary>
/// <param name="Price">For one period, in minor units; 0 is free.</param>
/// <param name="Currency">ISO 4217, upper case.</param>
/// <param name="Period">month or year.</param>
/// <param name="BoostFactor">How much its organisations' events are put forward, 0 to 10.</param>
/// <param name="IsOffered">Whether one may subscribe to it now. Who has it keeps it.</param>
[Contract("organizations", "PackageChanged")]
public sealed record PackageChanged(
    Guid PackageId, string Name, long Price, string Currency, string Period, PlanLimits Limits, double BoostFactor, bool IsOffered)
{
    /// <summary>Organisations without a subscription have it.</summary>
    public bool IsDefault { get; init; }

    public IReadOnlyList<string> Perks { get; init; } = [];

    /// <summary>By which schedule the platform takes its share of what is sold. Null: the standard one.</summary>
    public string? FeePackage { get; init; }
}

/// <summary>How much of what an organisation may have. Null: as much as it likes.</summary>
/// <param name="Events">Published and not over, at the same time.</param>
/// <param name="ParticipantsPerEvent">Tickets held or sold of one event.</param>
/// <param name="Staff">Members and open invitations, the owner not counted.</param>
public sealed record PlanLimits(int? Events = null, int? ParticipantsPerEvent = null, int? Staff = null);
