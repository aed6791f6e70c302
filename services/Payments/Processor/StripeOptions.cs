using System.ComponentModel.DataAnnotations;

namespace EventFly.Payments.Processor;

/// <summary>Section "Stripe".</summary>
public sealed class StripeOptions : IValidatableObject
{
    [Required]
    public Uri ApiBase { get; set; } = new("https://api.stripe.com");

    [Required]
    public string SecretKey { get; set; } = "";

    [Required]
    public string WebhookSecret { get; set; } = "";

    /// <summary>For one try; a call has up to <see cref="MaxTries"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:02:00")]
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromSeconds(10);

    [Range(1, 10)]
    public int MaxTries { get; set; } = 3;

    /// <summary>Before the second try, at most; doubles with each further one, up to four seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!ApiBase.IsAbsoluteUri || (ApiBase.Scheme is not "https" && !(ApiBase.Scheme is "http" && ApiBase.IsLoopback)))
        {
            yield return new("Stripe:ApiBase must be an https address (http only on this machine).", [nameof(ApiBase)]);
        }
    }
}
