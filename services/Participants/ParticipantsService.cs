using EventFly.BuildingBlocks;
using EventFly.Contracts.Events;
using EventFly.Participants.Devices;
using EventFly.Participants.Doors;
using EventFly.Participants.Inventory;
using EventFly.Participants.Orders;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;
using EventFly.Participants.Transfers;
using EventFly.Participants.Waitlist;
using EventFly.ServiceDefaults;
using Paid = EventFly.Contracts.Payments;
using Said = EventFly.Contracts.Participants;
using Issued = EventFly.Participants.Tickets;

namespace EventFly.Participants;

/// <summary>What this service keeps, hears and answers.</summary>
internal static class ParticipantsService
{
    public static void AddParticipants(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidation();
        services.AddOptions<InventoryOptions>().BindConfiguration("Inventory").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CodeOptions>().BindConfiguration("Codes").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<OrderOptions>().BindConfiguration("Orders").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<TransferOptions>().BindConfiguration("Transfers").ValidateDataAnnotations().ValidateOnStart();

        services.AddStream(InventoryStream.Definition);
        services.AddStream(OrderStream.Definition);
        services.AddStream(ScanLogStream.Definition);
        services.AddDocuments(OrderView.Type);
        services.AddDocuments(WaitlistWatch.Type);
        services.AddScoped<MakeOffers>();
        services.AddDocuments(PriceChangeView.Type);
        services.AddSingleton<CodeTries>();
        builder.TrustProxies();
        services.AddDocuments(EventRules.Type);
        services.AddDocuments(Ticket.Type);
        services.AddDocuments(EventAtDoor.Type);
        services.AddDocuments(TicketKey.Type);
        services.AddDocuments(Device.Type);
        services.AddDeviceAccess();
        services.AddSingleton<AnswerScan>();
        services.AddSingleton<TicketSigner>();
        services.AddHostedService(provider => provider.GetRequiredService<TicketSigner>());

        // Before the sale opens, so that no order is placed without being asked.
        services.On<EventPublished, KeepEventRules>();
        services.On<EventChanged, KeepEventRules>();
        services.On<EventPublished, WhenEventPublished>();
        services.On<EventChanged, WhenEventChanged>();
        services.On<EventCancelled, WhenEventCancelled>();
        services.On<EventPublished, KeepEventAtDoor>();
        services.On<EventChanged, KeepEventAtDoor>();
        services.On<EventCancelled, KeepEventAtDoor>();

        services.On<Paid.PaymentSucceeded, WhenPaymentSucceeded>();
        services.On<Paid.PaymentFailed, WhenPaymentFailed>();
        services.On<Paid.RefundSucceeded, WhenRefundSucceeded>();
        services.On<Paid.RefundFailed, WhenRefundFailed>();
        services.On<Paid.PaymentDisputed, WhenPaymentDisputed>();
        services.On<Paid.DisputeClosed, WhenPaymentDisputed>();

        services.On<Said.PriceChanged, KeepPriceHistory>();
        services.On<Said.WaitlistJoined, WhenWaitlistJoined>();
        services.On<Said.TicketsFreed, WhenTicketsFreed>();
        services.On<Said.SaleWithdrawn, WhenSaleWithdrawn>();
        services.On<Said.OrderPlaced, WhenOrderPlaced>();
        services.On<Said.OrderConfirmed, WhenOrderConfirmed>();
        services.On<Said.OrderChanged, Orders.WhenOrderChanged>();
        services.On<Said.OrderChanged, Issued.WhenOrderChanged>();
        services.On<Said.TicketsVoided, Orders.WhenTicketsVoided>();
        services.On<Said.TicketsVoided, Issued.WhenTicketsVoided>();
        services.On<Said.TicketTransferred, WhenTicketTransferred>();

        services.On<Said.OrderPlaced, KeepOrderView>();
        services.On<Said.OrderChanged, KeepOrderView>();
        services.On<Said.OrderConfirmed, KeepOrderView>();
        services.On<Said.OrderClosed, KeepOrderView>();
        services.On<Said.TicketsVoided, KeepOrderView>();
        services.On<Said.RefundRequested, KeepOrderView>();

        services.AddMessaging("participants");
        services.AddHostedService<ExpireUnpaidOrders>();
        services.AddHostedService<LookForFreeTickets>();
    }

    public static void MapParticipants(this WebApplication app)
    {
        var api = app.MapGroup("/api/participants");

        HoldTickets.Map(api);
        ReleaseHold.Map(api);
        GetAvailability.Map(api);
        GetPriceHistory.Map(api);
        GetCodeUses.Map(api);

        JoinWaitlist.Map(api);
        LeaveWaitlist.Map(api);
        GetEntry.Map(api);
        GetMyEntries.Map(api);
        GetWaitlist.Map(api);

        PlaceOrder.Map(api);
        GetOrder.Map(api);
        GetMyOrders.Map(api);
        GetEventOrders.Map(api);
        CancelOrder.Map(api);
        RefundOrder.Map(api);
        CancelTickets.Map(api);
        PutAttendee.Map(api);
        PutAnswers.Map(api);

        GetMyTickets.Map(api);
        GetTicket.Map(api);
        GetTicketQr.Map(api);
        GetTicketKeys.Map(api);
        GetTicketCalendar.Map(api);
        GetAttendees.Map(api);
        ExportAttendees.Map(api);
        ExportOrders.Map(api);

        OfferTransfer.Map(api);
        WithdrawTransfer.Map(api);
        AcceptTransfer.Map(api);

        RegisterDevice.Map(api);
        OfferPairing.Map(api);
        PairDevice.Map(api);
        GetDevices.Map(api);
        RevokeDevice.Map(api);

        CheckInTicket.Map(api);
        CheckInByHand.Map(api);
        CheckOutTicket.Map(api);
        UndoCheckIn.Map(api);
        HandInScans.Map(api);
        GetScans.Map(api);
        GetConflicts.Map(api);
        ResolveConflict.Map(api);
        GetCounts.Map(api);
        SearchAtDoor.Map(api);
        SetDoorRules.Map(api);
        GetDoorRules.Map(api);
        GetDoorBundle.Map(api);
    }
}
