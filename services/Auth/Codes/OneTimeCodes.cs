using System.Security.Cryptography;
using System.Text;
using EventFly.Auth.Secrets;
using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Auth.Codes;

/// <summary>
/// Makes and checks the codes that are sent by mail: random, other for everybody, easy to read aloud. Eight characters could be guessed from a hash in
/// minutes; therefore the hash also takes a key that is kept where the signing keys' is: a copy of the database alone gives no code away.
/// </summary>
internal sealed class OneTimeCodes(KeyProtection protection, TimeProvider clock)
{
    public const int Length = 8;

    /// <summary>For requests: room for a few blanks and a dash, and not more.</summary>
    public const int MaxWritten = 32;

    /// <summary>No 0 and O, no 1, I and L, no U that looks like V: 30 to the 8th, 39 bits.</summary>
    private const string Alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

    private const int SaltBytes = 16;

    private readonly Lazy<byte[]> key = new(() => protection.Derive("one-time-codes"));

    /// <summary>
    /// The answer to a code that is wrong, too old, used, tried too often, or that there never was. Which of these it is, is nobody's business: for a
    /// password reset it would tell who has an account.
    /// </summary>
    public static Refusal Refused { get; } =
        Refusal.Unprocessable("code-wrong", "This code is wrong or no longer good. Ask for a new one if it came some time ago.", "code");

    /// <summary>A new code: what to store, and what to send.</summary>
    public (OneTimeCode Stored, string Written) Make(string purpose, TimeSpan lifetime)
    {
        var code = RandomNumberGenerator.GetString(Alphabet, Length);
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return (new OneTimeCode(purpose, salt, Hash(purpose, salt, code), clock.GetUtcNow() + lifetime), $"{code[..4]}-{code[4..]}");
    }

    /// <summary>Compares what somebody entered. The caller stores what comes of it, in the same commit as what the code was for, before it answers.</summary>
    public CodeTry Try(OneTimeCode? stored, string purpose, string entered)
    {
        if (stored is null || !stored.IsGood(purpose, clock.GetUtcNow()))
        {
            return new CodeTry(false, stored);
        }

        return CryptographicOperations.FixedTimeEquals(stored.Hash, Hash(purpose, stored.Salt, Plain(entered)))
            ? new CodeTry(true, null)
            : new CodeTry(false, stored with { WrongTries = stored.WrongTries + 1 });
    }

    private static string Plain(string entered) => new([.. entered.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]);

    private byte[] Hash(string purpose, byte[] salt, string code) => HMACSHA256.HashData(key.Value, (byte[])[.. salt, .. Encoding.UTF8.GetBytes($"{purpose} {code}")]);
}
