using System.Text.RegularExpressions;
using EventFly.Auth.Codes;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.Auth.Tests.Codes;

public sealed partial class OneTimeCodeTests : IDisposable
{
    private readonly AuthApp app = new();

    public void Dispose() => app.Dispose();

    private OneTimeCodes Codes => app.Services.GetRequiredService<OneTimeCodes>();

    [Fact]
    public void Everybody_gets_another_code_without_letters_that_look_alike()
    {
        var codes = Enumerable.Range(0, 200).Select(_ => Codes.Make(CodePurpose.Invitation, TimeSpan.FromHours(1))).ToArray();

        Assert.Equal(200, codes.Select(code => code.Written).Distinct().Count());
        Assert.Equal(200, codes.Select(code => Convert.ToHexString(code.Stored.Hash)).Distinct().Count());
        Assert.All(codes, code => Assert.Matches(Form(), code.Written));
    }

    [Fact]
    public void It_is_read_however_it_is_written()
    {
        var (stored, written) = Codes.Make(CodePurpose.VerifyEmail, TimeSpan.FromHours(1));

        foreach (var entered in (string[])[written, written.ToLowerInvariant(), written.Replace("-", ""), $"  {written.Replace("-", " ")} "])
        {
            Assert.Equal(new CodeTry(true, null), Codes.Try(stored, CodePurpose.VerifyEmail, entered));
        }
    }

    [Fact]
    public void A_code_for_one_thing_opens_no_other()
    {
        var (stored, written) = Codes.Make(CodePurpose.VerifyEmail, TimeSpan.FromHours(1));

        Assert.False(Codes.Try(stored, CodePurpose.ResetPassword, written).IsRight);
        Assert.False(Codes.Try(stored with { Purpose = CodePurpose.ResetPassword }, CodePurpose.ResetPassword, written).IsRight);
        Assert.False(Codes.Try(null, CodePurpose.VerifyEmail, written).IsRight);
    }

    [Fact]
    public void Five_wrong_tries_are_enough()
    {
        var (stored, written) = Codes.Make(CodePurpose.VerifyEmail, TimeSpan.FromHours(1));
        var left = stored;
        for (var time = 1; time <= 5; time++)
        {
            Assert.True(Codes.Try(left, CodePurpose.VerifyEmail, written).IsRight);
            left = Codes.Try(left, CodePurpose.VerifyEmail, "2222-2222").Left!;
            Assert.Equal(time, left.WrongTries);
        }

        Assert.False(Codes.Try(left, CodePurpose.VerifyEmail, written).IsRight);
        Assert.Equal(left, Codes.Try(left, CodePurpose.VerifyEmail, written).Left);
    }

    [Fact]
    public void It_is_good_until_its_time_is_over()
    {
        var (stored, written) = Codes.Make(CodePurpose.VerifyEmail, TimeSpan.FromHours(1));

        app.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.True(Codes.Try(stored, CodePurpose.VerifyEmail, written).IsRight);
        app.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(Codes.Try(stored, CodePurpose.VerifyEmail, written).IsRight);
    }

    [GeneratedRegex("^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$")]
    private static partial Regex Form();
}
