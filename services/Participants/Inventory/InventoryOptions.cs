using System.ComponentModel.DataAnnotations;

namespace EventFly.Participants.Inventory;

public sealed class InventoryOptions
{
    /// <summary>How long tickets stay held for a buyer who has not paid.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan HoldTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long tickets stay held for a party that waited.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan OfferTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often events that people wait for are looked at whose next deadline is over.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan WaitlistInterval { get; set; } = TimeSpan.FromSeconds(1);
}
