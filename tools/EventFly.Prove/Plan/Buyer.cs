namespace EventFly.Prove.Plan;

/// <summary>How far a buyer goes, and how.</summary>
internal enum Course
{
    Pay,
    PayAfterDecline,
    BeDeclined,
    Authenticate,
    RefuseToAuthenticate,
    AuthenticateTooLate,
    PayTwice,
    CancelWhilePaying,
    AskForMoneyBack,
    AskForPartBack,
    AbandonHold,
    AbandonOrder,
    ReleaseHold,
    CancelOrder,
}

/// <summary>How a buyer's requests are sent.</summary>
internal enum Manner
{
    /// <summary>One at a time; again when it is not answered.</summary>
    Patient,

    /// <summary>Each twice at the same moment.</summary>
    Twice,

    /// <summary>Gives up on each after some milliseconds, and sends it again.</summary>
    Impatient,
}

internal readonly record struct Wanted(Guid TicketTypeId, int Quantity);

/// <param name="Arrives">After the opening.</param>
/// <param name="Account">Which account acts.</param>
/// <param name="Orders">An id for each try; there is another try only while tickets are sold out.</param>
/// <param name="Patience">Between tries, and before giving up on a request for an impatient one.</param>
internal sealed record Buyer(
    int Number, TimeSpan Arrives, int Account, Course Course, Manner Manner, IReadOnlyList<Wanted> Lines, IReadOnlyList<Guid> Orders,
    Guid FirstPayment, Guid SecondPayment, Guid RefundId, TimeSpan Patience);
