using System.Security.Cryptography;

namespace EventFly.StripeSimulator.Storage;

internal static class Ids
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string New(string prefix, int length = 24) => string.Concat(prefix, "_", Random(length));

    public static string Random(int length) => RandomNumberGenerator.GetString(Alphabet, length);
}
