namespace EventFly.Contracts.Events;

/// <summary>What buyers and holders may do with an order once it is placed. The defaults hold where an organiser says nothing.</summary>
public sealed record AfterSaleTerms
{
    /// <summary>Whether a ticket may be handed to another person.</summary>
    public bool Transfers { get; init; } = true;

    /// <summary>Names and answers may be changed until so many hours before the start.</summary>
    public int ChangesUntilHours { get; init; }

    /// <summary>A buyer may give paid tickets back until so many hours before the start; null: only the organiser takes them back.</summary>
    public int? CancellationUntilHours { get; init; }

    /// <summary>What of the price stays with the organiser when a buyer gives a ticket back, in percent.</summary>
    public int CancellationFeePercent { get; init; }
}
