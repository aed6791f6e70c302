namespace EventFly.Contracts.Mail;

/// <summary>
/// Somebody is to get a mail. Any service says it, whoever sends mails hears it; a mail is sent once per id. Who gets it and what it says is sealed.
/// </summary>
/// <param name="Kind">Why, for example <c>verify-email</c>.</param>
/// <param name="KeyId">Which key it was sealed with.</param>
/// <param name="Sealed">Address, subject and text, encrypted and bound to the id and the kind; base64url.</param>
[Contract("mail", "MailRequested")]
public sealed record MailRequested(Guid MailId, string Kind, string KeyId, string Sealed);
