namespace EventFly.Auth.Letters;

/// <summary>Seals a letter into a message that is announced in the same commit as what it tells of.</summary>
internal sealed class Post(MailSeal seal, TimeProvider clock)
{
    public object Letter(Letter letter) => seal.Seal(Guid.CreateVersion7(clock.GetUtcNow()), letter.Kind, letter.Mail);
}
