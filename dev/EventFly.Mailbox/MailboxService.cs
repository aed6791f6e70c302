using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Mail;
using EventFly.Contracts.Mail;
using EventFly.Mailbox.Mails;
using EventFly.Mailbox.Pages;

namespace EventFly.Mailbox;

/// <summary>Table of contents: what the mailbox hears, keeps in memory and shows.</summary>
internal static class MailboxService
{
    public static void AddMailbox(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidation();
        services.AddOptions<LetterboxOptions>().BindConfiguration("Mailbox").ValidateDataAnnotations().ValidateOnStart();
        services.AddMail();
        services.AddListening("mailbox");
        services.On<MailRequested, WhenMailRequested>();
        services.AddSingleton<Letterbox>();
    }

    public static void UseMailbox(this WebApplication app) => app.Use(OnlyThisMachine.Check);

    public static void MapMailbox(this WebApplication app)
    {
        var mails = app.MapGroup("/api/mails").AllowAnonymous();
        ListMails.Map(mails);
        GetMail.Map(mails);
        EmptyLetterbox.Map(mails);

        var pages = app.MapGroup("").AllowAnonymous().ExcludeFromDescription();
        ListPage.Map(pages);
        MailPage.Map(pages);
        Style.Map(pages);
    }
}
