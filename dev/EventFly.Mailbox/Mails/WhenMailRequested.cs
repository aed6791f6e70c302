using EventFly.BuildingBlocks.Mail;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Mail;

namespace EventFly.Mailbox.Mails;

internal sealed partial class WhenMailRequested(Letterbox letterbox, MailSeal seal, ILogger<WhenMailRequested> log) : IHandle<MailRequested>
{
    public Task Handle(MailRequested message, MessageContext context, CancellationToken cancellationToken)
    {
        letterbox.Put(Read(message, context.At));
        return Task.CompletedTask;
    }

    // Trying again opens nothing: whoever waits for the mail is to see why it cannot be read.
    private ReceivedMail Read(MailRequested message, DateTimeOffset at)
    {
        try
        {
            var mail = seal.Open(message);
            return new ReceivedMail(message.MailId, mail.To, message.Kind, mail.Subject, mail.Text, at);
        }
        catch (InvalidOperationException closed)
        {
            LogClosed(log, message.MailId, message.Kind, closed.Message);
            return new ReceivedMail(message.MailId, "", message.Kind, "", "", at, closed.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Kind} mail {MailId} cannot be opened: {Reason}")]
    private static partial void LogClosed(ILogger log, Guid mailId, string kind, string reason);
}
