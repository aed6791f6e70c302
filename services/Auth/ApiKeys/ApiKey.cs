using System.Security.Cryptography;
using EventFly.Auth.Accounts;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Auth.ApiKeys;

/// <summary>A program that acts for an organisation. It is the organisation's, and never more than whoever made it may do themselves.</summary>
/// <param name="Id">The subject and the session of its access tokens.</param>
/// <param name="OrganizationId">For whom it acts.</param>
/// <param name="Slot">Its place among the organisation's keys: two keys never share one, so there are never too many.</param>
/// <param name="Name">What the organisation calls it.</param>
/// <param name="Scopes">Permissions that it was given.</param>
/// <param name="SecretHash">SHA-256 of its secret.</param>
/// <param name="MadeBy">The account that made it. When they leave the organisation, the key goes.</param>
/// <param name="MadeAt">When.</param>
/// <param name="ExpiresAt">From then on it is refused; null: never.</param>
internal sealed record ApiKey(
    Guid Id,
    Guid OrganizationId,
    int? Slot,
    string Name,
    IReadOnlyList<string> Scopes,
    byte[] SecretHash,
    Guid MadeBy,
    DateTimeOffset MadeAt,
    DateTimeOffset? ExpiresAt)
{
    /// <summary>Keys that an organisation may have.</summary>
    public const int MostPerOrganization = 50;

    /// <summary>How long its access tokens are good: what the gateway remembers of a key ends with them.</summary>
    public static readonly TimeSpan TokenTime = TimeSpan.FromMinutes(1);

    /// <summary>How long the tokens of a revoked key must be refused: until the last of them is out of date everywhere.</summary>
    public static readonly TimeSpan Echo = TokenTime + TimeSpan.FromMinutes(1);

    private static readonly TimeSpan UseIsWrittenEvery = TimeSpan.FromMinutes(1);

    /// <summary>When it was last exchanged for a token, to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When it was revoked.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    public static DocumentType<ApiKey> Documents { get; } = new DocumentType<ApiKey>("api_keys", key => IdOf(key.Id))
        .Text("organization", key => key.OrganizationId.ToString())
        .Text("maker", key => key.MadeBy.ToString())
        .Boolean("revoked", key => key.RevokedAt is not null)
        .Time("made", key => key.MadeAt)
        .Index("organization", "revoked", "made")
        .Index("maker", "revoked")
        .Index("revoked")
        .Unique(SlotKey, key => key.Slot is { } slot ? $"{key.OrganizationId}/{slot}" : null)
        .ExpiresAt(key => key.RevokedAt + Echo);

    /// <summary>Name of the unique key that bounds an organisation's keys.</summary>
    public const string SlotKey = "slot";

    public static string IdOf(Guid id) => id.ToString();

    /// <summary>Whether this secret is its own, it is not revoked and in its time.</summary>
    public bool Accepts(ApiKeySecret shown, DateTimeOffset now) =>
        CryptographicOperations.FixedTimeEquals(SecretHash, shown.Hash) && RevokedAt is null && !(ExpiresAt <= now);

    /// <summary>What it may do now: its scopes, as far as its maker still holds them. Null when the maker is no longer with the organisation.</summary>
    public IReadOnlyList<string>? Permissions(Account? maker) =>
        maker?.MembershipIn(OrganizationId) is { } membership
            ? [.. Scopes.Where(membership.Permissions.Contains)]
            : null;

    public Change<ApiKey> Use(DateTimeOffset now) =>
        RevokedAt is null && !(now - LastUsedAt < UseIsWrittenEvery) ? this with { LastUsedAt = now } : Decision.Nothing;

    /// <summary>It is remembered a little longer, so that its access tokens can be refused as long as they would be good.</summary>
    public Change<ApiKey> Revoke(DateTimeOffset now) => RevokedAt is null ? this with { RevokedAt = now, Slot = null } : Decision.Nothing;
}
