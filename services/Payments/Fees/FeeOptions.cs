using System.ComponentModel.DataAnnotations;

namespace EventFly.Payments.Fees;

/// <summary>Section "Fees": a schedule for each package that organisations have.</summary>
public sealed class FeeOptions : IValidatableObject
{
    /// <summary>What an organisation has that chose nothing.</summary>
    public const string Standard = "standard";

    public Dictionary<string, FeeSchedule> Packages { get; set; } = new(StringComparer.Ordinal);

    /// <summary>A package that has no schedule of its own has the standard one.</summary>
    public (string Package, FeeSchedule Schedule) Of(string package) =>
        Packages.TryGetValue(package, out var schedule) ? (package, schedule)
        : Packages.TryGetValue(Standard, out var standard) ? (Standard, standard)
        : (Standard, new FeeSchedule());

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, schedule) in Packages)
        {
            if (schedule.Percent is < 0 or > 100) yield return new($"Fees:Packages:{name}:Percent must be 0 to 100.");
            if (new[] { schedule.PerTicket, schedule.PerOrder, schedule.Least, schedule.Most }.Any(amounts => amounts.Values.Any(amount => amount < 0)))
            {
                yield return new($"Fees:Packages:{name}: no amount may be negative.");
            }
        }
    }
}
