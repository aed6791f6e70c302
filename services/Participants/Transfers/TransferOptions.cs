using System.ComponentModel.DataAnnotations;

namespace EventFly.Participants.Transfers;

public sealed class TransferOptions
{
    /// <summary>How long a ticket waits for the one it is offered to; never beyond the end of the event.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan OfferTime { get; set; } = TimeSpan.FromDays(7);
}
