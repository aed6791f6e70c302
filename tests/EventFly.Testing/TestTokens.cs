using System.Security.Cryptography;
using System.Text.Json;
using EventFly.BuildingBlocks.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EventFly.Testing;

/// <summary>Issues access tokens like auth does, with a key of its own. Give the other side <see cref="Jwks"/>.</summary>
public sealed class TestTokens(TimeProvider clock, string kid = "test-key") : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };

    public string Kid { get; } = kid;

    /// <summary>The public key as a JSON Web Key Set.</summary>
    public string Jwks => JwksOf(this);

    /// <summary>Several public keys as one set.</summary>
    public static string JwksOf(params IEnumerable<TestTokens> issuers) => JsonSerializer.Serialize(new { keys = issuers.Select(issuer => issuer.PublicKey()) });

    public string ForParticipant(Guid? id = null, Guid? session = null) => For(TestUser.Participant(id) with { SessionId = session ?? Guid.CreateVersion7() });

    public string ForOrganizer(Guid organizationId, params string[] permissions) => For(TestUser.Organizer(organizationId, permissions));

    public string ForStaff(Guid organizationId, params string[] permissions) => For(TestUser.Staff(organizationId, permissions));

    public string For(TestUser user) => Sign(PayloadOf(user));

    /// <summary>The claims of a good token; a test may spoil them before <see cref="Sign"/>.</summary>
    public Dictionary<string, object> PayloadOf(TestUser user)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var payload = new Dictionary<string, object>
        {
            ["iss"] = "eventfly", ["aud"] = "eventfly", ["iat"] = now, ["nbf"] = now, ["exp"] = now + 600, ["jti"] = Guid.CreateVersion7().ToString(),
            ["sub"] = user.Id.ToString(), ["sid"] = user.SessionId.ToString(), ["roles"] = user.Roles, ["perms"] = user.Permissions,
            ["eperms"] = EventPermission.Write(user.EventPermissions), ["email_verified"] = user.IsEmailVerified,
        };
        if (user.OrganizationId is { } organization)
        {
            payload["org"] = organization.ToString();
        }

        return payload;
    }

    public string Sign(Dictionary<string, object> payload) => handler.CreateToken(new SecurityTokenDescriptor
    {
        Claims = payload,
        SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = Kid }, SecurityAlgorithms.EcdsaSha256)
        {
            CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
        },
    });

    public void Dispose() => key.Dispose();

    private object PublicKey()
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = Kid, x = Base64UrlEncoder.Encode(point.X!), y = Base64UrlEncoder.Encode(point.Y!) };
    }
}

/// <summary>Somebody who calls in a test.</summary>
public sealed record TestUser(Guid Id, string[] Roles, Guid? OrganizationId, string[] Permissions)
{
    public Guid SessionId { get; init; } = Guid.CreateVersion7();

    public bool IsEmailVerified { get; init; } = true;

    /// <summary>What holds at single events only.</summary>
    public EventPermission[] EventPermissions { get; init; } = [];

    public static TestUser Participant(Guid? id = null) => new(id ?? Guid.CreateVersion7(), ["participant"], null, []);

    public static TestUser Organizer(Guid organizationId, params string[] permissions) =>
        new(Guid.CreateVersion7(), ["organizer"], organizationId, permissions);

    public static TestUser Staff(Guid organizationId, params string[] permissions) => new(Guid.CreateVersion7(), ["staff"], organizationId, permissions);

    /// <summary>Staff who may do this at one event, and nothing at the others.</summary>
    public static TestUser EventStaff(Guid organizationId, Guid eventId, params string[] permissions) => Staff(organizationId) with
    {
        EventPermissions = [.. permissions.Select(permission => new EventPermission(eventId, permission))],
    };
}
