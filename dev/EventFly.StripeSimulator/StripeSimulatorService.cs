using EventFly.StripeSimulator.Control;
using EventFly.StripeSimulator.PaymentIntents;
using EventFly.StripeSimulator.Webhooks;
using EventFly.StripeSimulator.Wire;
using Microsoft.Extensions.Options;

namespace EventFly.StripeSimulator;

internal static class StripeSimulatorService
{
    public static void AddStripeSimulator(this IHostApplicationBuilder builder)
    {
        // Thousands of requests a second, and nothing to say about each.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        var services = builder.Services;
        services.AddOptions<SimulatorOptions>().BindConfiguration("Simulator").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<WebhookOptions>().BindConfiguration("Webhook").ValidateDataAnnotations().ValidateOnStart();

        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<FaultSwitches>();
        services.AddSingleton<WebhookLog>();
        services.AddSingleton<WebhookQueue>();
        services.AddSingleton<Later>();
        services.AddSingleton(provider => new IdempotencyKeys(provider.GetRequiredService<IOptions<SimulatorOptions>>().Value.KeepObjects));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Account>(
            provider, provider.GetRequiredService<IOptions<SimulatorOptions>>().Value));
        services.AddHostedService(provider => provider.GetRequiredService<Later>());
        services.AddHostedService<SendWebhooks>();

        services.AddHttpClient(SendWebhooks.ClientName)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                ActivityHeadersPropagator = null, // Stripe sends no trace of its own.
            })
            .RemoveAllLoggers();

        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod()));
    }

    public static void MapStripeSimulator(this WebApplication app)
    {
        var account = app.Services.GetRequiredService<Account>();
        WebhookEndpoints.AddConfigured(account, app.Services.GetRequiredService<IOptions<WebhookOptions>>().Value);

        app.UseCors();
        app.MapGet("/", StartPage.Show);
        app.MapGet("/health", () => Results.Ok());
        app.MapGet("/alive", () => Results.Ok());
        ControlApi.Map(app);
        ThreeDSecurePage.Map(app);

        var stripe = ActivatorUtilities.CreateInstance<StripeRoutes>(
            app.Services, app, app.Services.GetRequiredService<IOptions<SimulatorOptions>>().Value);
        PaymentIntents.PaymentIntentEndpoints.Map(stripe, account);
        PaymentMethods.PaymentMethodEndpoints.Map(stripe, account);
        Charges.ChargeEndpoints.Map(stripe, account);
        Refunds.RefundEndpoints.Map(stripe, account);
        Customers.CustomerEndpoints.Map(stripe, account);
        SetupIntents.SetupIntentEndpoints.Map(stripe, account);
        Disputes.DisputeEndpoints.Map(stripe, account);
        BalanceTransactions.BalanceTransactionEndpoints.Map(stripe, account);
        Events.EventEndpoints.Map(stripe, account);
        WebhookEndpoints.Map(stripe, account);
        stripe.RefuseTheRest();
    }
}
