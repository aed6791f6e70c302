using EventFly.Auth.Secrets;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Auth.Tokens;

/// <summary>A key pair of ES256.</summary>
/// <param name="Kid">RFC 7638 thumbprint of the public key.</param>
/// <param name="X">Public point, base64url.</param>
/// <param name="Y">Public point, base64url.</param>
/// <param name="Private">The private key, encrypted (<see cref="KeyProtection"/>).</param>
/// <param name="SignsFrom">Published before, signs from then on.</param>
internal sealed record SigningKey(string Kid, string X, string Y, byte[] Private, DateTimeOffset SignsFrom);

/// <summary>The keys that are published, the oldest first: one, and two around a rotation.</summary>
internal sealed record SigningKeyRing(IReadOnlyList<SigningKey> Keys)
{
    public const string Id = "ring";

    public static DocumentType<SigningKeyRing> Documents { get; } = new("signing_keys", static _ => Id);

    public static SigningKeyRing Empty { get; } = new([]);

    /// <summary>Takes up a fresh key when the newest grows old, and drops those that nobody needs any more.</summary>
    public Change<SigningKeyRing> Turn(SigningKey fresh, IReadOnlySet<string> lost, DateTimeOffset now, SigningKeyOptions options)
    {
        var readable = Keys.Where(key => !lost.Contains(key.Kid)).ToArray();
        List<SigningKey> keys = [.. readable.Where((_, place) => place == readable.Length - 1 || readable[place + 1].SignsFrom + options.KeepAfter > now)];
        if (keys.Count == 0)
        {
            keys.Add(fresh with { SignsFrom = now });
        }
        else if (keys[^1].SignsFrom + options.Lifetime - options.PublishBefore <= now)
        {
            keys.Add(fresh with { SignsFrom = now + options.PublishBefore });
        }

        return keys.SequenceEqual(Keys) ? Decision.Nothing : new SigningKeyRing(keys);
    }
}
