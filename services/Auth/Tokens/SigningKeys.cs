using System.Security.Cryptography;
using EventFly.Auth.Secrets;
using EventFly.BuildingBlocks.Documents;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace EventFly.Auth.Tokens;

/// <summary>The signing keys as this process uses them. Stored in auth-db, so all replicas sign with the same.</summary>
internal sealed partial class SigningKeys(
    Documents<SigningKeyRing> rings, KeyProtection protection, IOptions<SigningKeyOptions> options, TimeProvider clock, ILogger<SigningKeys> log)
{
    private volatile IReadOnlyList<UsableKey> keys = [];

    /// <summary>What is published.</summary>
    public IEnumerable<SigningKey> Published => keys.Select(key => key.Stored);

    /// <summary>The key that signs now.</summary>
    public SigningCredentials Current => keys.LastOrDefault(key => key.Stored.SignsFrom <= clock.GetUtcNow())?.Credentials
        ?? throw new InvalidOperationException("There is no signing key yet.");

    /// <summary>Rotates when it is time, and takes up what is stored.</summary>
    /// <exception cref="InvalidOperationException">The stored keys cannot be decrypted; the message says what to do.</exception>
    public async Task Turn(CancellationToken cancellationToken)
    {
        var fresh = Make();
        var lost = await Unreadable(cancellationToken);
        var (ring, refusal) = await rings.Change(
            SigningKeyRing.Id,
            current => (current?.Body ?? SigningKeyRing.Empty).Turn(fresh, lost, clock.GetUtcNow(), options.Value),
            cancellationToken);
        if (refusal is not null)
        {
            throw new InvalidOperationException($"The signing keys could not be stored: {refusal.Code}.");
        }

        var known = keys;
        keys = [.. ring!.Body.Keys.Select(stored => known.FirstOrDefault(key => key.Stored.Kid == stored.Kid) ?? Use(stored))];
        foreach (var added in keys.Except(known))
        {
            LogTaken(log, added.Stored.Kid, added.Stored.SignsFrom);
        }
    }

    private async Task<HashSet<string>> Unreadable(CancellationToken cancellationToken)
    {
        if (await rings.Get(SigningKeyRing.Id, cancellationToken) is not { Body.Keys: var stored })
        {
            return [];
        }

        var known = keys.Select(key => key.Stored.Kid).ToHashSet(StringComparer.Ordinal);
        var lost = stored.Where(key => !known.Contains(key.Kid) && protection.Open(key.Private, key.Kid) is null).Select(key => key.Kid).ToHashSet(StringComparer.Ordinal);
        return lost.Count == 0 || options.Value.ForgetUnreadable
            ? lost
            : throw new InvalidOperationException(
                "The signing keys in auth-db were encrypted with another key. Give back that key (SigningKeys:EncryptionKey, or the file auth-signing.key), "
                + "or set SigningKeys:ForgetUnreadable=true once to begin with new ones.");
    }

    private SigningKey Make()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64UrlEncoder.Encode(point.X!), Base64UrlEncoder.Encode(point.Y!));
        var kid = Base64UrlEncoder.Encode(new JsonWebKey { Kty = "EC", Crv = "P-256", X = x, Y = y }.ComputeJwkThumbprint());
        return new SigningKey(kid, x, y, protection.Seal(pair.ExportPkcs8PrivateKey(), kid), default);
    }

    private UsableKey Use(SigningKey stored)
    {
        var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(protection.Open(stored.Private, stored.Kid), out _);
        return new UsableKey(stored, new SigningCredentials(new ECDsaSecurityKey(pair) { KeyId = stored.Kid }, SecurityAlgorithms.EcdsaSha256));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The signing key {Kid} is published and signs from {SignsFrom:u}.")]
    private static partial void LogTaken(ILogger log, string kid, DateTimeOffset signsFrom);

    private sealed record UsableKey(SigningKey Stored, SigningCredentials Credentials);
}
