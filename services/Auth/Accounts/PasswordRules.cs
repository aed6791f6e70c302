using System.Collections.Frozen;
using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Auth.Accounts;

/// <summary>Which passwords are too easy to guess. Length is checked with the request.</summary>
internal static class PasswordRules
{
    public const int MinLength = 8;

    public const int MaxLength = 128;

    private const int FewestDifferent = 4;

    /// <summary>What people choose most, as far as it is long enough to be accepted at all.</summary>
    private static readonly FrozenSet<string> Common = new[]
    {
        "password", "password1", "password12", "password123", "password1234", "password!", "passw0rd", "passw0rd1", "p@ssword", "p@ssw0rd",
        "p@ssword1", "p@ssw0rd1", "pa$$word", "mypassword", "newpassword", "password01", "password2", "passwort", "motdepasse", "contraseña",
        "12345678", "123456789", "1234567890", "123456789a", "12345678a", "87654321", "987654321", "0987654321", "01234567", "0123456789",
        "11223344", "1122334455", "12341234", "123123123", "123321123", "12344321", "13579246", "147258369", "159357456", "741852963",
        "a1234567", "a12345678", "a123456789", "abc12345", "abcd1234", "abc123456", "aa123456", "asd12345", "qwe12345", "q1w2e3r4",
        "1q2w3e4r", "1q2w3e4r5t", "1qaz2wsx", "1qazxsw2", "zaq12wsx", "zaq1xsw2", "qazwsxedc", "qazwsx123", "qwerty12", "qwerty123",
        "qwerty1234", "qwertyui", "qwertyuiop", "qwertz123", "azertyuiop", "asdfghjk", "asdfghjkl", "asdf1234", "zxcvbnm1", "zxcvbnm123",
        "abcdefgh", "abcdefghi", "abcd12345", "iloveyou", "iloveyou1", "iloveyou2", "ilovegod", "sunshine", "sunshine1", "princess",
        "princess1", "football", "football1", "baseball", "baseball1", "basketball", "superman", "superman1", "batman123", "spiderman",
        "starwars", "starwars1", "pokemon1", "pokemon123", "minecraft", "nintendo", "playstation", "computer", "internet", "samsung1",
        "whatever", "trustno1", "letmein1", "letmein123", "welcome1", "welcome123", "welcome01", "admin123", "admin1234", "administrator",
        "changeme", "changeme1", "changeme123", "default1", "master123", "monkey123", "dragon123", "shadow123", "michael1", "jennifer",
        "jessica1", "michelle", "charlie1", "liverpool", "liverpool1", "chelsea1", "arsenal1", "barcelona", "corvette", "mercedes",
        "mustang1", "december", "november", "summer2024", "summer2025", "summer2026", "winter2024", "winter2025", "winter2026", "eventfly",
        "eventfly1", "eventfly123", "test1234", "testtest", "testing123", "secret123", "topsecret", "access14", "bigdaddy", "lovelove",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null for a password that may be used.</summary>
    public static Refusal? Refuse(string password, string email, string name, string field) =>
        IsEasy(password, email, name)
            ? Refusal.Unprocessable("password-too-common", "This password is among the first that would be guessed. Choose another.", field)
            : null;

    private static bool IsEasy(string password, string email, string name) =>
        Common.Contains(password)
        || password.Distinct().Take(FewestDifferent).Count() < FewestDifferent
        || Same(password, email)
        || Same(password, email[..email.LastIndexOf('@')])
        || Same(password, name);

    private static bool Same(string password, string known) => string.Equals(password, known, StringComparison.OrdinalIgnoreCase);
}
