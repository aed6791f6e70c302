using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventFly.BuildingBlocks.Secrets;
using EventFly.Contracts.Mail;
using Microsoft.Extensions.Options;

namespace EventFly.BuildingBlocks.Mail;

/// <summary>
/// Closes mails before they are announced, so that no address and no code is in clear in an outbox, on the bus or in a log. Announce the sealed mail in the same
/// commit as the fact that causes it, with an id made from that fact, so that a repetition sends no second one.
/// </summary>
public sealed class MailSeal
{
    private const int LongestAddress = 320;
    private const int LongestSubject = 300;
    private const int LongestText = 64 * 1024;

    private static readonly SearchValues<char> InKind = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly (string Id, byte[] Bytes) current;
    private readonly (string Id, byte[] Bytes)? previous;

    /// <summary>With the keys of the configuration.</summary>
    /// <exception cref="InvalidOperationException">There is no key, or it is none.</exception>
    public MailSeal(IOptions<MailOptions> options)
    {
        current = Named(options.Value.ReadKey());
        previous = options.Value.ReadPreviousKey() is { } before ? Named(before) : null;
    }

    /// <summary>The mail as it may be announced. Sealing twice gives two different messages about one mail.</summary>
    /// <param name="mailId">Made from what causes the mail: the same cause, the same id. The sender sends it once.</param>
    /// <param name="kind">Such as <c>verify-email</c>; anybody can read it.</param>
    /// <param name="mail">What nobody else reads.</param>
    /// <exception cref="ArgumentException">No mail can look like that: an address or subject of several lines, or far too long.</exception>
    public MailRequested Seal(Guid mailId, string kind, Mail mail)
    {
        RefuseNonsense(kind, mail);
        var secret = JsonSerializer.SerializeToUtf8Bytes(mail, EventFlyJson.Options);
        return new MailRequested(mailId, kind, current.Id, Base64Url.EncodeToString(SealedBytes.Seal(current.Bytes, secret, BoundTo(mailId, kind))));
    }

    /// <summary>What was sealed.</summary>
    /// <exception cref="InvalidOperationException">It was sealed with a key that is not here, or somebody changed it; the sentence says what to do.</exception>
    public Mail Open(MailRequested sealedMail)
    {
        var key = sealedMail.KeyId == current.Id ? current
            : sealedMail.KeyId == previous?.Id ? previous.Value
            : throw new InvalidOperationException(
                $"Mail {sealedMail.MailId} was sealed with the key {sealedMail.KeyId}, and this process has {current.Id}: "
                + "give all services one Mail:KeyFile (or Mail:Key), and the key before it as Mail:PreviousKey.");
        return Base64Url.IsValid(sealedMail.Sealed)
            && SealedBytes.Open(key.Bytes, Base64Url.DecodeFromChars(sealedMail.Sealed), BoundTo(sealedMail.MailId, sealedMail.Kind)) is { } secret
            && JsonSerializer.Deserialize<Mail>(secret, EventFlyJson.Options) is { } mail
            ? mail
            : throw new InvalidOperationException($"Mail {sealedMail.MailId} was changed after it was sealed: look for who else writes to the bus, and do not send it.");
    }

    private static void RefuseNonsense(string kind, Mail mail)
    {
        if (kind.Length is 0 or > 60 || kind.AsSpan().ContainsAnyExcept(InKind))
        {
            throw new ArgumentException($"A mail's kind has lower-case letters, digits and dashes, such as verify-email; this one is '{kind}'.", nameof(kind));
        }

        if (mail.To.Length is 0 or > LongestAddress || !mail.To.Contains('@', StringComparison.Ordinal) || mail.To.Any(char.IsControl))
        {
            throw new ArgumentException($"The address of a {kind} mail is none.", nameof(mail));
        }

        if (mail.Subject.Length is 0 or > LongestSubject || mail.Subject.Any(char.IsControl))
        {
            throw new ArgumentException($"The subject of a {kind} mail is one line of 1 to {LongestSubject} characters.", nameof(mail));
        }

        if (mail.Text.Length is 0 or > LongestText)
        {
            throw new ArgumentException($"The text of a {kind} mail has 1 to {LongestText} characters; this one has {mail.Text.Length}.", nameof(mail));
        }
    }

    private static byte[] BoundTo(Guid mailId, string kind) => Encoding.ASCII.GetBytes($"{mailId:N} {kind}");

    // Says which key it was and nothing about it.
    private static (string Id, byte[] Bytes) Named(byte[] key) =>
        (Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 8, info: "eventfly mail key id"u8.ToArray())), key);
}
