using EventFly.BuildingBlocks;
using EventFly.Contracts.Participants;
using EventFly.Payments.Alerts;
using EventFly.Payments.Disputes;
using EventFly.Payments.Fees;
using EventFly.Payments.Ledger;
using EventFly.Payments.PayableOrders;
using EventFly.Payments.Payments;
using EventFly.Payments.Processor;
using EventFly.Payments.Reconciliation;
using EventFly.Payments.Refunds;
using EventFly.Payments.Webhook;

namespace EventFly.Payments;

/// <summary>Table of contents: what the service stores, what it reacts to, and what it answers.</summary>
internal static class PaymentsService
{
    public static void AddPayments(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidation();
        services.AddOptions<PaymentsOptions>().BindConfiguration("Payments").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<FeeOptions>().BindConfiguration("Fees").ValidateDataAnnotations().ValidateOnStart();
        builder.AddStripe();

        services.AddStream(PaymentStream.Definition);
        services.AddDocuments(PayableOrder.Type);
        services.AddDocuments(PendingRefund.Type);
        services.AddDocuments(Movement.Type);
        services.AddDocuments(LedgerDay.Type);
        services.AddDocuments(Alert.Type);
        services.AddDocuments(DisputeView.Type);
        services.AddDocuments(Difference.Type);
        services.AddDocuments(ReconciliationState.Type);

        services.AddSingleton<OrderArrivals>();
        services.AddHttpClient<OrderInquiry>();
        services.AddSingleton<PaymentDecisions>();
        services.AddSingleton<TakePayment>();
        services.AddSingleton<MakeRefund>();
        services.AddSingleton<TakeProcessorEvent>();
        services.AddSingleton<Journal>();
        services.AddSingleton<AlertBell>();
        services.AddSingleton<KeepDisputes>();
        services.AddSingleton<Reconciler>();

        services.On<OrderPlaced, KeepOrderTerms>();
        services.On<OrderConfirmed, WhenOrderConfirmed>();
        services.On<OrderChanged, KeepOrderTerms>();
        services.On<OrderClosed, WhenOrderClosed>();
        services.On<RefundRequested, WhenRefundRequested>();

        services.AddMessaging("payments");
        services.AddHostedService<SettleOpenPayments>();
        services.AddHostedService<SettleOpenRefunds>();
        services.AddHostedService<WatchMoney>();
        services.AddHostedService<ReconcileRegularly>();
    }

    public static void MapPayments(this IEndpointRouteBuilder app)
    {
        var payments = app.MapGroup("/api/payments").WithTags("Payments");
        PayOrder.Map(payments);
        GetPayment.Map(payments);
        GetOrderPayments.Map(payments);
        CancelPayment.Map(payments);
        ReceiveWebhook.Map(payments);
        GetOrderLedger.Map(payments);
        GetMovements.Map(payments);
        ExportMovements.Map(payments);
        GetBalances.Map(payments);
        ListDisputes.Map(payments);
        ListAlerts.Map(payments);
        AcknowledgeAlert.Map(payments);
        ListDifferences.Map(payments);
        GetReconciliation.Map(payments);
        StartReconciliation.Map(payments);
    }
}
