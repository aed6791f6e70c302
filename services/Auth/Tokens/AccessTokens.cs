using EventFly.Auth.Accounts;
using EventFly.ServiceDefaults.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EventFly.Auth.Tokens;

/// <summary>Signs what every process believes: who it is, in which session, with which roles, for whom, and what they may do there.</summary>
internal sealed class AccessTokens(SigningKeys keys, TimeProvider clock)
{
    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };

    public string Issue(Account account, Guid session, TimeSpan lifetime)
    {
        var now = clock.GetUtcNow();
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = TokenCheck.Issuer,
            ["aud"] = TokenCheck.Audience,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["jti"] = Guid.CreateVersion7(now).ToString(),
            ["sub"] = account.Id.ToString(),
            ["sid"] = session.ToString(),
            ["roles"] = account.Roles,
            ["perms"] = account.Membership?.Permissions ?? [],
            ["email_verified"] = account.EmailVerifiedAt is not null,
        };
        if (account.Membership is { } membership)
        {
            claims["org"] = membership.OrganizationId.ToString();
        }

        return handler.CreateToken(new SecurityTokenDescriptor { Claims = claims, SigningCredentials = keys.Current });
    }
}
