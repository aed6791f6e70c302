using Microsoft.Extensions.Options;

namespace EventFly.BuildingBlocks.Mail;

/// <summary>Section <c>Mail</c>: the key that mails are sealed with on their way. All services and the sender need the same.</summary>
public sealed class MailOptions
{
    /// <summary>32 bytes in base64.</summary>
    public string? Key { get; set; }

    /// <summary>Without <see cref="Key"/>: a file of 32 bytes that only the services may read. It must be there; the AppHost makes it.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The key before this one, in base64: what was sealed with it can still be opened.</summary>
    public string? PreviousKey { get; set; }

    /// <exception cref="InvalidOperationException">There is no key, or it is none.</exception>
    internal byte[] ReadKey() => (Key, KeyFile) switch
    {
        ({ Length: > 0 } given, _) => Secrets.KeyFile.FromBase64("Mail:Key", given),
        (_, { Length: > 0 } path) => Secrets.KeyFile.Read(path),
        _ => throw new InvalidOperationException(
            $"Mails have no key to be sealed with: set Mail:KeyFile to a file of {Secrets.KeyFile.KeyBytes} random bytes, the same for all services, or Mail:Key to such bytes in base64."),
    };

    /// <exception cref="InvalidOperationException">It is none.</exception>
    internal byte[]? ReadPreviousKey() => PreviousKey is { Length: > 0 } given ? Secrets.KeyFile.FromBase64("Mail:PreviousKey", given) : null;
}

/// <summary>A service that could not seal the first mail does not start.</summary>
internal sealed class MailOptionsCheck : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        try
        {
            options.ReadKey();
            options.ReadPreviousKey();
            return ValidateOptionsResult.Success;
        }
        catch (InvalidOperationException wrong)
        {
            return ValidateOptionsResult.Fail(wrong.Message);
        }
    }
}
