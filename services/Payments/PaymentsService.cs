using EventFly.BuildingBlocks;
using EventFly.Contracts.Participants;
using EventFly.Payments.Ledger;
using EventFly.Payments.PayableOrders;
using EventFly.Payments.Payments;
using EventFly.Payments.Processor;
using EventFly.Payments.Refunds;
using EventFly.Payments.Webhook;
using Told = EventFly.Contracts.Payments;

namespace EventFly.Payments;

/// <summary>Table of contents: what the service stores, what it reacts to, and what it answers.</summary>
internal static class PaymentsService
{
    public static void AddPayments(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidation();
        services.AddOptions<PaymentsOptions>().BindConfiguration("Payments").ValidateDataAnnotations().ValidateOnStart();
        builder.AddStripe();

        services.AddStream(PaymentStream.Definition);
        services.AddDocuments(PayableOrder.Type);
        services.AddDocuments(PendingRefund.Type);
        services.AddDocuments(UnclaimedCharge.Type);
        services.AddDocuments(Movement.Type);

        services.AddSingleton<OrderArrivals>();
        services.AddHttpClient<OrderInquiry>();
        services.AddSingleton<PaymentDecisions>();
        services.AddSingleton<TakePayment>();
        services.AddSingleton<MakeRefund>();
        services.AddSingleton<TakeProcessorEvent>();
        services.AddSingleton<KeepLedger>();

        services.On<OrderPlaced, WhenOrderPlaced>();
        services.On<OrderClosed, WhenOrderClosed>();
        services.On<RefundRequested, WhenRefundRequested>();
        services.On<Told.PaymentSucceeded, KeepLedger>();
        services.On<Told.RefundSucceeded, KeepLedger>();
        services.On<Told.RefundFailed, KeepLedger>();

        services.AddMessaging("payments");
        services.AddHostedService<SettleOpenPayments>();
        services.AddHostedService<SettleOpenRefunds>();
    }

    public static void MapPayments(this IEndpointRouteBuilder app)
    {
        var payments = app.MapGroup("/api/payments").WithTags("Payments");
        PayOrder.Map(payments);
        GetPayment.Map(payments);
        GetOrderPayments.Map(payments);
        CancelPayment.Map(payments);
        ReceiveWebhook.Map(payments);
    }
}
