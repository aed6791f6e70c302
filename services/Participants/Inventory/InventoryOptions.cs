using System.ComponentModel.DataAnnotations;

namespace EventFly.Participants.Inventory;

public sealed class InventoryOptions
{
    /// <summary>How long tickets stay held for a buyer who has not paid.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan HoldTime { get; set; } = TimeSpan.FromMinutes(10);
}
