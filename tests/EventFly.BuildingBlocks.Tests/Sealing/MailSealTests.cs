using System.Text;
using EventFly.BuildingBlocks.Mail;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Mail;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Letter = EventFly.BuildingBlocks.Mail.Mail;

namespace EventFly.BuildingBlocks.Tests.Sealing;

public sealed class MailSealTests
{
    private static readonly Guid Id = Guid.Parse("0190c0de-0000-7000-8000-000000000001");
    private static readonly string Ours = KeyOf(1);
    private static readonly string Theirs = KeyOf(2);
    private static readonly Letter Welcome = new("ada@example.org", "Your code", "It is 4711-ÄÖ.");

    [Fact]
    public void What_one_service_seals_another_one_with_the_same_key_opens() =>
        Assert.Equal(Welcome, SealWith(Ours).Open(SealWith(Ours).Seal(Id, "verify-email", Welcome)));

    [Fact]
    public void Nothing_of_a_mail_is_in_clear_on_the_bus_or_in_a_log()
    {
        var message = SealWith(Ours).Seal(Id, "verify-email", Welcome);
        var onTheBus = Encoding.UTF8.GetString(Envelope.Wrap(message, "1", 1, DateTimeOffset.UnixEpoch).Envelope.Span) + Encoding.Latin1.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(message.Sealed));

        foreach (var secret in (string[])["ada", "example.org", "Your code", "4711"])
        {
            Assert.DoesNotContain(secret, onTheBus, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(secret, $"{Welcome}", StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void The_same_mail_never_looks_the_same() =>
        Assert.NotEqual(SealWith(Ours).Seal(Id, "verify-email", Welcome).Sealed, SealWith(Ours).Seal(Id, "verify-email", Welcome).Sealed);

    [Fact]
    public void With_another_key_it_stays_closed_and_says_what_to_do()
    {
        var why = Assert.Throws<InvalidOperationException>(() => SealWith(Theirs).Open(SealWith(Ours).Seal(Id, "verify-email", Welcome)));

        Assert.Contains("give all services one Mail:KeyFile", why.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_before_still_opens_what_it_sealed() =>
        Assert.Equal(Welcome, SealWith(Theirs, previous: Ours).Open(SealWith(Ours).Seal(Id, "verify-email", Welcome)));

    [Fact]
    public void A_sealed_mail_cannot_be_changed_nor_put_in_the_place_of_another()
    {
        var seal = SealWith(Ours);
        var message = seal.Seal(Id, "verify-email", Welcome);
        var last = message.Sealed[^2] == 'A' ? 'B' : 'A';
        MailRequested[] forged =
        [
            message with { MailId = Guid.Parse("0190c0de-0000-7000-8000-000000000002") },
            message with { Kind = "reset-password" },
            message with { Sealed = $"{message.Sealed[..^2]}{last}{message.Sealed[^1]}" },
            message with { Sealed = "" },
            message with { Sealed = "AAAA" },
            message with { Sealed = "no base64!" },
        ];

        foreach (var forgery in forged)
        {
            Assert.Contains("was changed", Assert.Throws<InvalidOperationException>(() => seal.Open(forgery)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ada@example.org\r\nBcc: eve@example.org", "Your code", "Text")]
    [InlineData("ada", "Your code", "Text")]
    [InlineData("", "Your code", "Text")]
    [InlineData("ada@example.org", "Your\ncode", "Text")]
    [InlineData("ada@example.org", "", "Text")]
    [InlineData("ada@example.org", "Your code", "")]
    public void What_can_be_no_mail_is_refused_without_repeating_it(string to, string subject, string text)
    {
        var why = Assert.Throws<ArgumentException>(() => SealWith(Ours).Seal(Id, "verify-email", new Letter(to, subject, text)));

        Assert.DoesNotContain("example.org", why.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mail:Key", "", "set Mail:KeyFile")]
    [InlineData("Mail:Key", "c2hvcnQ=", "Mail:Key must be 32 bytes in base64")]
    [InlineData("Mail:KeyFile", "/nowhere/mail.key", "/nowhere/mail.key cannot be read")]
    public async Task A_service_without_a_key_does_not_start_and_says_why(string setting, string value, string why)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new(setting, value)]);
        builder.Services.AddMail();
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    private static MailSeal SealWith(string key, string? previous = null) => new(Options.Create(new MailOptions { Key = key, PreviousKey = previous }));

    private static string KeyOf(byte all) => Convert.ToBase64String(Enumerable.Repeat(all, 32).ToArray());
}
