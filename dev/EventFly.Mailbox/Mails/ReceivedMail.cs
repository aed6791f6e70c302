namespace EventFly.Mailbox.Mails;

/// <param name="At">When a service asked for it.</param>
/// <param name="Problem">Why it cannot be read; there is no address and no text then.</param>
public sealed record ReceivedMail(Guid Id, string To, string Kind, string Subject, string Text, DateTimeOffset At, string? Problem = null);
