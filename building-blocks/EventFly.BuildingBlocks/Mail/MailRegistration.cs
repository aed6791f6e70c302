using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EventFly.BuildingBlocks.Mail;

/// <summary>For services that send mails.</summary>
public static class MailRegistration
{
    /// <summary>The service has a <see cref="MailSeal"/>. Without a key it does not start.</summary>
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().BindConfiguration("Mail").ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MailOptions>, MailOptionsCheck>());
        services.TryAddSingleton<MailSeal>();
        return services;
    }
}
