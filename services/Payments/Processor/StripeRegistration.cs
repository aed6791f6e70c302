using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EventFly.Payments.Processor;

public static class StripeRegistration
{
    private static readonly TimeSpan DnsMayChangeAfter = TimeSpan.FromMinutes(5);

    /// <summary><see cref="IPaymentProcessor"/> over Stripe (or its stand-in), set up by section "Stripe".</summary>
    public static void AddStripe(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<StripeOptions>().BindConfiguration("Stripe").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHttpClient(StripeConnection.ClientName, client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan; // StripeConnection has a time-out for each try.
                client.MaxResponseContentBufferSize = StripeConnection.LongestAnswer;
                client.DefaultRequestHeaders.UserAgent.ParseAdd("EventFly");
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectTimeout = TimeSpan.FromSeconds(3),
                PooledConnectionLifetime = DnsMayChangeAfter,
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        builder.Services.AddSingleton<StripeConnection>();
        builder.Services.AddSingleton<IPaymentProcessor, StripePaymentProcessor>();
    }
}
