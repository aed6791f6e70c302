using System.Collections.Concurrent;
using EventFly.Payments.Processor;
using EventFly.StripeSimulator.Tests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventFly.Payments.Tests.Processor;

/// <summary>Our processor set up as the service sets it up, against an address of this machine.</summary>
internal sealed class ProcessorUnderTest : IDisposable
{
    public const string WebhookSecret = "whsec_test_processor";

    private readonly IHost host;

    public ProcessorUnderTest(Uri stripe, TimeProvider? clock = null, params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Stripe:ApiBase"] = stripe.AbsoluteUri,
            ["Stripe:SecretKey"] = SimulatorApp.SecretKey,
            ["Stripe:WebhookSecret"] = WebhookSecret,
            ["Stripe:FirstRetryDelay"] = "00:00:00.010",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("Stripe:" + s.Name, (string?)s.Value)));
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log);
        if (clock is not null) builder.Services.AddSingleton(clock);
        builder.AddStripe();
        host = builder.Build();
        Processor = host.Services.GetRequiredService<IPaymentProcessor>();
    }

    public IPaymentProcessor Processor { get; }

    public LogLines Log { get; } = new();

    public void Dispose() => host.Dispose();

    public static NewPayment Payment(string? method = "pm_card_visa", long amount = 2_500, string currency = "eur") => new(
        new PaymentReference(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()),
        amount, currency, method, method is null ? null : new Uri("https://shop.example/back"));
}

internal sealed class LogLines : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
