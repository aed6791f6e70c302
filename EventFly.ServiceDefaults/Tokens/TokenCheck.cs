using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using EventFly.BuildingBlocks.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EventFly.ServiceDefaults.Tokens;

/// <summary>
/// Says whose access token it is: ES256 by auth's keys, issuer and audience <c>eventfly</c>, in its time, session not revoked. What was changed
/// since it was issued (<see cref="ChangedAccess"/>) holds instead of what it says.
/// A token that was found good is remembered by its hash, for checking a signature costs far more than looking it up.
/// </summary>
public sealed class TokenCheck(TokenKeys keys, TokenMemory memory, RevokedSessions revoked, ChangedAccess changed, TimeProvider clock)
{
    public const string Issuer = "eventfly";

    public const string Audience = "eventfly";

    /// <summary>Longest token that is looked at, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MaxLength };

    /// <summary>The principal with a <see cref="TokenIdentity"/>, or null for a token that is not good now.</summary>
    public async ValueTask<ClaimsPrincipal?> Check(string token, CancellationToken cancellationToken)
    {
        if (token.Length is 0 or > MaxLength)
        {
            return null;
        }

        var hash = TokenHash.Of(token);
        var now = clock.GetUtcNow();
        if (!memory.TryGet(hash, now, out var known))
        {
            known = await Validate(token, cancellationToken);
            if (known is null)
            {
                return null;
            }

            memory.Remember(hash, known);
        }

        return revoked.Contains(known.SessionId) ? null : changed.Over(known.Principal);
    }

    private async Task<KnownToken?> Validate(string token, CancellationToken cancellationToken)
    {
        if (!handler.CanReadToken(token) || !TryRead(token, out var unchecked_) || await keys.Find(unchecked_.Kid, cancellationToken) is not { } key)
        {
            return null;
        }

        var result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKey = key,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (notBefore, expires, _, _) => IsInItsTime(notBefore, expires),
        });
        if (!result.IsValid || !Guid.TryParse(unchecked_.Subject, out _) || !unchecked_.TryGetPayloadValue<string>("sid", out var session))
        {
            return null;
        }

        return new KnownToken(new ClaimsPrincipal(new TokenIdentity(result.ClaimsIdentity.Claims)), session, new DateTimeOffset(unchecked_.ValidTo, TimeSpan.Zero) + Skew);
    }

    private static bool TryRead(string token, out JsonWebToken read)
    {
        try
        {
            read = new JsonWebToken(token);
            return true;
        }
        catch (ArgumentException)
        {
            // What cannot be read is a bad token, and says no more.
            read = null!;
            return false;
        }
    }

    private bool IsInItsTime(DateTime? notBefore, DateTime? expires)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + Skew && (notBefore is not { } start || now >= start - Skew);
    }
}

/// <summary>SHA-256 of a token: what is kept in place of the token.</summary>
public readonly record struct TokenHash(ulong A, ulong B, ulong C, ulong D)
{
    public static TokenHash Of(string token)
    {
        Span<byte> text = token.Length <= 2048 ? stackalloc byte[token.Length * 3] : new byte[token.Length * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(token, text)], hash);
        return new TokenHash(BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash[8..]), BitConverter.ToUInt64(hash[16..]), BitConverter.ToUInt64(hash[24..]));
    }
}
