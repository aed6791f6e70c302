using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Auth;

namespace EventFly.Auth.Accounts;

/// <summary>Somebody who can sign in.</summary>
/// <param name="Id">The subject of the access tokens.</param>
/// <param name="Email">Normalised (<see cref="EmailAddress"/>); one account per address.</param>
/// <param name="Roles">participant, organizer or staff.</param>
/// <param name="Name">As the person calls themselves.</param>
/// <param name="PasswordHash">As the framework's hasher writes it: algorithm, iterations, salt and hash.</param>
/// <param name="CreatedAt">When they signed up.</param>
/// <param name="SessionEpoch">Grows when all sessions but one end; a session of an older epoch cannot be refreshed.</param>
/// <param name="KeptSession">The session that lived through the last change of the epoch.</param>
/// <param name="Membership">Of accounts that were stored before there were several (<see cref="Memberships"/>).</param>
internal sealed partial record Account(
    Guid Id,
    string Email,
    IReadOnlyList<string> Roles,
    string Name,
    string PasswordHash,
    DateTimeOffset CreatedAt,
    int SessionEpoch = 0,
    Guid? KeptSession = null,
    Membership? Membership = null)
{
    /// <summary>When the person showed that the address is theirs; null as long as they did not.</summary>
    public DateTimeOffset? EmailVerifiedAt { get; init; }

    public static DocumentType<Account> Documents { get; } = new DocumentType<Account>("accounts", account => IdOf(account.Id))
        .Text("email", account => account.Email)
        .Index("email")
        .Unique("email", account => account.Email);

    public static string IdOf(Guid id) => id.ToString();

    public static Where HasEmail(string email) => new Where.Eq("email", email);

    public static Change<Account> Register(Account? taken, Account fresh, params IReadOnlyList<object> mails) =>
        taken is null
            ? Change.To(fresh, [new AccountRegistered(fresh.Id, fresh.Roles[0]), .. mails])
            : Refusal.Conflict("account-id-taken", "Try again.");

    /// <summary>
    /// A new password, chosen by somebody who knew the old one. Every session but theirs ends: what is not ended by the caller of this
    /// cannot be refreshed, so a crash in between leaves no door open.
    /// </summary>
    /// <param name="verifiedHash">The hash that the old password was checked against.</param>
    public Change<Account> ChangePassword(string verifiedHash, string newHash, Guid session, object notice) => PasswordHash == verifiedHash
        ? Change.To(this with { PasswordHash = newHash, SessionEpoch = SessionEpoch + 1, KeptSession = session }, notice)
        : Refusal.Conflict("password-changed", "The password was changed in the meantime.");

    public Change<Account> Rehash(string verifiedHash, string newHash) => PasswordHash == verifiedHash
        ? this with { PasswordHash = newHash }
        : Decision.Nothing;

    public Change<Account> Rename(string name) => Name == name ? Decision.Nothing : this with { Name = name };

    /// <summary>Whether a session may go on: it began in this epoch, or the change of the epoch spared it.</summary>
    public bool Admits(Guid sessionId, int epoch) => epoch == SessionEpoch || sessionId == KeptSession;
}
