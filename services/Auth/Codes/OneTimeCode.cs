namespace EventFly.Auth.Codes;

/// <summary>
/// What is stored of a code that somebody got by mail. It lies in the document that it opens (an account, an invitation), so that the code is used up in the
/// same commit that does what it was for, and wrong tries that come at once all count: each is a write at a version.
/// </summary>
/// <param name="Purpose">One of <see cref="CodePurpose"/>; a code for one thing opens no other.</param>
/// <param name="Salt">Random, of this code alone.</param>
/// <param name="Hash">Of the code, with the salt and with a key that is not in the database.</param>
/// <param name="ExpiresAt">From then on it opens nothing.</param>
/// <param name="WrongTries">How often another code was entered in its place.</param>
internal sealed record OneTimeCode(string Purpose, byte[] Salt, byte[] Hash, DateTimeOffset ExpiresAt, int WrongTries = 0)
{
    /// <summary>After so many wrong tries it opens nothing any more.</summary>
    public const int MostWrongTries = 5;

    public bool IsGood(string purpose, DateTimeOffset now) => Purpose == purpose && ExpiresAt > now && WrongTries < MostWrongTries;
}

/// <summary>What a code is for.</summary>
internal static class CodePurpose
{
    public const string VerifyEmail = "verify-email";

    public const string ChangeEmail = "change-email";

    public const string ResetPassword = "reset-password";

    public const string Invitation = "invitation";
}

/// <summary>What entering a code came to.</summary>
/// <param name="IsRight">The code was right; it must not be stored any more.</param>
/// <param name="Left">What is to be stored after a wrong try; the same as before when nothing changes.</param>
internal sealed record CodeTry(bool IsRight, OneTimeCode? Left);
