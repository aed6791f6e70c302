namespace EventFly.Payments.Ledger;

/// <summary>
/// The accounts. Whose they are, says the movement's organisation. Debit is positive, so what we have or have spent is positive, and what we owe or have
/// earned is negative.
/// </summary>
public static class Accounts
{
    /// <summary>Money that we have at the processor.</summary>
    public const string Processor = "processor";

    /// <summary>What the organisation sold, less our fee. With <see cref="Refunds"/> and <see cref="Disputes"/> it is what we owe it.</summary>
    public const string Payable = "organization-payable";

    /// <summary>What of it went back to buyers.</summary>
    public const string Refunds = "refunds";

    /// <summary>What of it buyers' banks took back.</summary>
    public const string Disputes = "disputes";

    /// <summary>What we earn.</summary>
    public const string PlatformFees = "platform-fees";

    /// <summary>What the processor keeps.</summary>
    public const string ProcessorFees = "processor-fees";

    /// <summary>What it keeps when a bank asks for money.</summary>
    public const string DisputeFees = "dispute-fees";

    public static IReadOnlyList<string> All { get; } = [Processor, Payable, Refunds, Disputes, PlatformFees, ProcessorFees, DisputeFees];

    /// <summary>Those that together say what we owe an organisation.</summary>
    public static IReadOnlyList<string> Owed { get; } = [Payable, Refunds, Disputes];
}
