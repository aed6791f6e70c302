using EventFly.Auth.Codes;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Auth.Accounts;

/// <summary>An address that an account is to have once its owner has shown that it is theirs.</summary>
/// <param name="Email">Normalised.</param>
/// <param name="Mailed">The code that was sent there, and how often one was sent for such changes.</param>
internal sealed record EmailChange(string Email, MailedCode Mailed);

/// <summary>Whose the address is, and another address.</summary>
internal sealed partial record Account
{
    /// <summary>The code that shows that the address is theirs, as long as it was not shown.</summary>
    public MailedCode Verification { get; init; } = MailedCode.None;

    public EmailChange? EmailChange { get; init; }

    public Change<Account> SendVerification(OneTimeCode code, DateTimeOffset now, object mail)
    {
        if (EmailVerifiedAt is not null)
        {
            return Refusal.Conflict("email-verified-already", "This address is verified.");
        }

        return Verification.RefuseAnother(now) is { } refusal ? refusal : Change.To(this with { Verification = Verification.Another(code, now) }, mail);
    }

    public (bool IsVerified, Change<Account> Change) VerifyEmail(OneTimeCodes codes, string entered, DateTimeOffset now)
    {
        if (EmailVerifiedAt is not null)
        {
            return (true, Decision.Nothing);
        }

        var tried = codes.Try(Verification.Code, CodePurpose.VerifyEmail, entered);
        if (tried.IsRight)
        {
            return (true, this with { EmailVerifiedAt = now, Verification = MailedCode.None });
        }

        return (false, ReferenceEquals(tried.Left, Verification.Code) ? Decision.Nothing : this with { Verification = Verification.Left(tried.Left) });
    }

    /// <summary>Nothing changes yet: a code goes to the new address and a notice to the old one.</summary>
    public Change<Account> PlanEmailChange(string email, OneTimeCode code, DateTimeOffset now, params IReadOnlyList<object> mails)
    {
        if (email == Email)
        {
            return Refusal.Conflict("email-unchanged", "This is your address already.");
        }

        var sent = EmailChange?.Mailed ?? MailedCode.None;
        return sent.RefuseAnother(now) is { } refusal
            ? refusal
            : Change.To(this with { EmailChange = new EmailChange(email, sent.Another(code, now)) }, mails);
    }

    /// <summary>The new address takes the old one's place, unless another account was faster.</summary>
    public (bool IsChanged, Change<Account> Change) ChangeEmail(OneTimeCodes codes, string entered, DateTimeOffset now, Func<Account, object> notice)
    {
        var tried = codes.Try(EmailChange?.Mailed.Code, CodePurpose.ChangeEmail, entered);
        if (tried.IsRight)
        {
            var changed = this with { Email = EmailChange!.Email, EmailVerifiedAt = now, EmailChange = null, Verification = MailedCode.None };
            return (true, Change.To(changed, notice(this)));
        }

        return (false, EmailChange is null || ReferenceEquals(tried.Left, EmailChange.Mailed.Code)
            ? Decision.Nothing
            : this with { EmailChange = EmailChange with { Mailed = EmailChange.Mailed.Left(tried.Left) } });
    }
}
