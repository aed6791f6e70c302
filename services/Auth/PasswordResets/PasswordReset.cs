using EventFly.Auth.Codes;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Auth.PasswordResets;

/// <summary>
/// What was asked for under one address. It is kept for addresses without an account just the same, with a code that nobody gets: so asking and entering take the
/// same steps and the same time, and nobody learns who has an account.
/// </summary>
/// <param name="Id">Made from the address with a key that is not in the database.</param>
/// <param name="AccountId">Whose password it is; null where there is no account.</param>
/// <param name="Mailed">The code.</param>
/// <param name="ExpiresAt">When it is forgotten.</param>
internal sealed record PasswordReset(string Id, Guid? AccountId, MailedCode Mailed, DateTimeOffset ExpiresAt)
{
    private const int PerDay = 20;

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    public static DocumentType<PasswordReset> Documents { get; } =
        new DocumentType<PasswordReset>("password_resets", reset => reset.Id).ExpiresAt(reset => reset.ExpiresAt);

    /// <summary>Somebody asks. Too often is no news to them either: nothing is sent, and the answer is the same.</summary>
    public static Change<PasswordReset> Ask(PasswordReset? before, string id, Guid? account, OneTimeCode code, DateTimeOffset now, params IReadOnlyList<object> mails)
    {
        var sent = before is not null && before.AccountId == account ? before.Mailed : MailedCode.None;
        return sent.RefuseAnother(now, PerDay) is null
            ? Change.To(new PasswordReset(id, account, sent.Another(code, now), now + Remembered), mails)
            : Decision.Nothing;
    }

    public (bool IsRight, Change<PasswordReset> Change) Enter(OneTimeCodes codes, string entered)
    {
        var tried = codes.Try(Mailed.Code, CodePurpose.ResetPassword, entered);
        return ReferenceEquals(tried.Left, Mailed.Code) ? (false, Decision.Nothing) : (tried.IsRight, this with { Mailed = Mailed.Left(tried.Left) });
    }
}
