using System.Security.Cryptography;
using System.Text;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Auth.Sessions;

/// <summary>What a refresh came to.</summary>
internal enum RefreshOutcome
{
    /// <summary>No session, or none that goes on, or not its token.</summary>
    Unknown,

    /// <summary>The token was replaced.</summary>
    Rotated,

    /// <summary>The answer to the last refresh was lost: it is given once more.</summary>
    Repeated,

    /// <summary>A token that was replaced before came back: somebody else has a copy, and the session ends.</summary>
    Reused,
}

/// <summary>One sign-in and the family of its refresh tokens, of which only hashes are kept.</summary>
/// <param name="Id">The <c>sid</c> of its access tokens.</param>
/// <param name="AccountId">Whose it is.</param>
/// <param name="Epoch">The account's session epoch when it was last refreshed.</param>
/// <param name="Proof">Hash of what all its refresh tokens have in common.</param>
/// <param name="Current">Hash of the refresh token's secret that is good now.</param>
/// <param name="Previous">Hash of the one before.</param>
/// <param name="Salt">Made the current token from the previous one.</param>
/// <param name="CreatedAt">When the person signed in.</param>
/// <param name="RefreshedAt">When it was last refreshed.</param>
/// <param name="ExpiresAt">When it is over by itself, or forgotten once it has ended.</param>
/// <param name="Client">The browser or program, as it calls itself.</param>
/// <param name="EndedAt">When it was ended.</param>
internal sealed record Session(
    Guid Id,
    Guid AccountId,
    int Epoch,
    string Proof,
    string Current,
    string? Previous,
    byte[]? Salt,
    DateTimeOffset CreatedAt,
    DateTimeOffset RefreshedAt,
    DateTimeOffset ExpiresAt,
    string Client,
    DateTimeOffset? EndedAt = null)
{
    public static DocumentType<Session> Documents { get; } = new DocumentType<Session>("sessions", session => IdOf(session.Id))
        .Text("account", session => session.AccountId.ToString())
        .Boolean("ended", session => session.EndedAt is not null)
        .Time("created", session => session.CreatedAt)
        .Index("account", "created")
        .Index("ended")
        .ExpiresAt(session => session.ExpiresAt);

    /// <summary>Which of their organisations it acts for; null where its owner works for none, or did when it was stored.</summary>
    public Guid? OrganizationId { get; init; }

    public static string IdOf(Guid id) => id.ToString();

    public static Session Begin(RefreshToken first, Guid account, int epoch, string client, DateTimeOffset now, SessionTimes times) => new(
        first.Session, account, epoch, first.ProofHash, first.SecretHash, null, null, now, now, now + Shorter(times.Idle, times.Longest), client);

    public (RefreshOutcome Outcome, Change<Session> Change) Refresh(
        RefreshToken shown, byte[] salt, int epoch, Guid? organization, DateTimeOffset now, SessionTimes times)
    {
        if (EndedAt is not null || ExpiresAt <= now || !Same(Proof, shown.ProofHash))
        {
            return (RefreshOutcome.Unknown, Decision.Nothing);
        }

        if (Same(Current, shown.SecretHash))
        {
            return (RefreshOutcome.Rotated, this with
            {
                Epoch = epoch,
                OrganizationId = organization,
                Previous = Current,
                Current = shown.Next(salt).SecretHash,
                Salt = salt,
                RefreshedAt = now,
                ExpiresAt = now + Shorter(times.Idle, CreatedAt + times.Longest - now),
            });
        }

        return Same(Previous, shown.SecretHash) && now - RefreshedAt <= times.RepeatGrace
            ? (RefreshOutcome.Repeated, Decision.Nothing)
            : (RefreshOutcome.Reused, End(now, times));
    }

    public Change<Session> ActFor(Guid organization) => OrganizationId == organization ? Decision.Nothing : this with { OrganizationId = organization };

    /// <summary>It is remembered a little longer, so that its access tokens can be refused as long as they would be good.</summary>
    public Change<Session> End(DateTimeOffset now, SessionTimes times) =>
        EndedAt is null ? this with { EndedAt = now, ExpiresAt = now + times.Echo } : Decision.Nothing;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static bool Same(string? stored, string shown) =>
        stored is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(stored), Encoding.ASCII.GetBytes(shown));
}
