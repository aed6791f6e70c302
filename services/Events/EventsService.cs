using EventFly.BuildingBlocks;
using EventFly.Contracts.Organizations;
using EventFly.Events.AfterSale;
using EventFly.Events.Events;
using EventFly.Events.Prices;
using EventFly.Events.PromoCodes;
using EventFly.Events.Questions;
using EventFly.Events.Quotas;
using EventFly.Events.Staff;
using EventFly.Events.TicketTypes;

namespace EventFly.Events;

/// <summary>Table of contents: what the service stores, and what it answers.</summary>
internal static class EventsService
{
    public static void AddEvents(this IHostApplicationBuilder builder)
    {
        builder.Services.AddValidation();
        builder.Services.AddDocuments(EventDocument.Type);
        builder.Services.AddDocuments(Crew.Documents);
        builder.Services.AddDocuments(Colleague.Documents);
        builder.Services.AddMessaging("events");
        builder.Services.On<StaffAccessChanged, WhenStaffAccessChanged>();
        builder.Services.On<StaffRemoved, WhenStaffRemoved>();

        builder.Services.AddSingleton<ChangeCrew>();
        builder.Services.AddSingleton<LeaveCrews>();
    }

    public static void MapEvents(this IEndpointRouteBuilder app)
    {
        var events = app.MapGroup("/api/events").WithTags("Events");
        ListEvents.Map(events);
        ListOwnEvents.Map(events);
        PutEvent.Map(events);
        GetEvent.Map(events);
        PublishEvent.Map(events);
        CancelEvent.Map(events);
        DeleteDraft.Map(events);
        GetEventCalendar.Map(events);
        PutAfterSale.Map(events);

        var questions = app.MapGroup("/api/events/{eventId:guid}/questions").WithTags("Questions");
        PutQuestion.Map(questions);
        RemoveQuestion.Map(questions);

        var ticketTypes = app.MapGroup("/api/events/{eventId:guid}/ticket-types").WithTags("Ticket types");
        PutTicketType.Map(ticketTypes);
        RemoveTicketType.Map(ticketTypes);
        PutPriceRule.Map(ticketTypes);
        RemovePriceRule.Map(ticketTypes);

        var quotas = app.MapGroup("/api/events/{eventId:guid}/quotas").WithTags("Quotas");
        PutQuota.Map(quotas);
        RemoveQuota.Map(quotas);

        var roles = app.MapGroup("/api/events/{eventId:guid}/roles").WithTags("Event staff");
        ListEventRoles.Map(roles);
        PutEventRole.Map(roles);
        RemoveEventRole.Map(roles);

        var staff = app.MapGroup("/api/events/{eventId:guid}/staff").WithTags("Event staff");
        ListEventStaff.Map(staff);
        AssignStaff.Map(staff);
        RemoveEventStaff.Map(staff);

        var promoCodes = app.MapGroup("/api/events/{eventId:guid}/promo-codes").WithTags("Promo codes");
        ListPromoCodes.Map(promoCodes);
        PutPromoCode.Map(promoCodes);
        RemovePromoCode.Map(promoCodes);
    }
}
