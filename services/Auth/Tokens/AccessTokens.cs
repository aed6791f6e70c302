using EventFly.Auth.Accounts;
using EventFly.BuildingBlocks.Http;
using EventFly.ServiceDefaults.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EventFly.Auth.Tokens;

/// <summary>Signs what every process believes: who it is, in which session, with which roles, for whom, and what they may do there.</summary>
internal sealed class AccessTokens(SigningKeys keys, TimeProvider clock)
{
    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <param name="account">Whose it is.</param>
    /// <param name="session">The sign-in.</param>
    /// <param name="organization">Which of their organisations they chose to act for; null: the first.</param>
    /// <param name="lifetime">How long it is good.</param>
    public string Issue(Account account, Guid session, Guid? organization, TimeSpan lifetime)
    {
        var membership = account.ActingFor(organization);
        var claims = Claims(account.Id, session, account.Roles, membership?.Permissions ?? [], account.EmailVerifiedAt is not null, lifetime);
        if (membership is not null)
        {
            claims["org"] = membership.OrganizationId.ToString();
            claims["eperms"] = EventPermission.Write(membership.EventPermissions);
        }

        return Sign(claims);
    }

    /// <summary>For a program: the key is the subject and its own session, so that revoking it is ending a session. Whoever made it had a verified address.</summary>
    public string IssueForKey(Guid key, Guid organization, IReadOnlyList<string> permissions, TimeSpan lifetime)
    {
        var claims = Claims(key, key, [Access.ApiKey], permissions, isEmailVerified: true, lifetime);
        claims["org"] = organization.ToString();
        return Sign(claims);
    }

    private Dictionary<string, object> Claims(
        Guid subject, Guid session, IReadOnlyList<string> roles, IReadOnlyList<string> permissions, bool isEmailVerified, TimeSpan lifetime)
    {
        var now = clock.GetUtcNow();
        return new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = TokenCheck.Issuer,
            ["aud"] = TokenCheck.Audience,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["jti"] = Guid.CreateVersion7(now).ToString(),
            ["sub"] = subject.ToString(),
            ["sid"] = session.ToString(),
            ["roles"] = roles,
            ["perms"] = permissions,
            ["email_verified"] = isEmailVerified,
        };
    }

    private string Sign(Dictionary<string, object> claims) =>
        handler.CreateToken(new SecurityTokenDescriptor { Claims = claims, SigningCredentials = keys.Current });
}
