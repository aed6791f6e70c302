using EventFly.Testing;

namespace EventFly.Participants.Tests;

public sealed class EndpointTests(ParticipantsApp app) : IClassFixture<ParticipantsApp>
{
    [Fact]
    public void Each_endpoint_says_who_may_call_it()
    {
        _ = app.Server;

        string[] table =
        [
            "DELETE /api/participants/events/{eventId:guid}/checkins/{scanId:guid}: device or permission checkin.scan",
            "DELETE /api/participants/events/{eventId:guid}/devices/{deviceId:guid}: permission staff.manage",
            "DELETE /api/participants/events/{eventId:guid}/holds/{orderId:guid}: participant",
            "DELETE /api/participants/events/{eventId:guid}/waitlist/{entryId:guid}: participant",
            "DELETE /api/participants/tickets/{ticketId:guid}/transfers/{transferId:guid}: participant",
            "GET /api/participants/events/{eventId:guid}/attendees.csv: permission order.read",
            "GET /api/participants/events/{eventId:guid}/attendees: permission order.read",
            "GET /api/participants/events/{eventId:guid}/availability: anybody",
            "GET /api/participants/events/{eventId:guid}/checkins/conflicts: permission checkin.scan",
            "GET /api/participants/events/{eventId:guid}/checkins: permission checkin.scan",
            "GET /api/participants/events/{eventId:guid}/devices: permission staff.manage",
            "GET /api/participants/events/{eventId:guid}/door-bundle: device or permission checkin.scan",
            "GET /api/participants/events/{eventId:guid}/door/attendees: device or permission checkin.scan",
            "GET /api/participants/events/{eventId:guid}/door/counts: device or permission checkin.scan",
            "GET /api/participants/events/{eventId:guid}/door: device or permission checkin.scan",
            "GET /api/participants/events/{eventId:guid}/orders.csv: permission order.read",
            "GET /api/participants/events/{eventId:guid}/orders: permission order.read",
            "GET /api/participants/events/{eventId:guid}/prices/history: anybody",
            "GET /api/participants/events/{eventId:guid}/promo-codes/uses: permission ticket.manage",
            "GET /api/participants/events/{eventId:guid}/waitlist/mine: participant",
            "GET /api/participants/events/{eventId:guid}/waitlist/{entryId:guid}: participant",
            "GET /api/participants/events/{eventId:guid}/waitlist: permission order.read",
            "GET /api/participants/orders/{orderId:guid}: signed in",
            "GET /api/participants/orders: participant",
            "GET /api/participants/ticket-keys: anybody",
            "GET /api/participants/tickets/{ticketId:guid}/calendar.ics: participant",
            "GET /api/participants/tickets/{ticketId:guid}/qr.png: participant",
            "GET /api/participants/tickets/{ticketId:guid}/qr.svg: participant",
            "GET /api/participants/tickets/{ticketId:guid}: participant",
            "GET /api/participants/tickets: participant",
            "POST /api/participants/devices/pairing: anybody",
            "POST /api/participants/events/{eventId:guid}/checkins/batch: device or permission checkin.scan",
            "POST /api/participants/events/{eventId:guid}/checkins: device or permission checkin.scan",
            "POST /api/participants/events/{eventId:guid}/devices/{deviceId:guid}/pairing-code: permission staff.manage",
            "POST /api/participants/events/{eventId:guid}/exits: device or permission checkin.scan",
            "POST /api/participants/events/{eventId:guid}/tickets/{ticketId:guid}/checkins: device or permission checkin.scan",
            "POST /api/participants/orders/{orderId:guid}/cancellation: participant",
            "POST /api/participants/orders/{orderId:guid}/tickets/cancellation: participant",
            "POST /api/participants/transfers/acceptance: participant",
            "PUT /api/participants/events/{eventId:guid}/checkins/conflicts/{scanId:guid}/resolution: permission checkin.scan",
            "PUT /api/participants/events/{eventId:guid}/devices/{deviceId:guid}: permission staff.manage",
            "PUT /api/participants/events/{eventId:guid}/door: permission event.edit",
            "PUT /api/participants/events/{eventId:guid}/holds/{orderId:guid}: participant",
            "PUT /api/participants/events/{eventId:guid}/waitlist/{entryId:guid}: participant",
            "PUT /api/participants/orders/{orderId:guid}/refunds/{refundId:guid}: permission order.refund",
            "PUT /api/participants/orders/{orderId:guid}/tickets/{ticketId:guid}/answers: signed in",
            "PUT /api/participants/orders/{orderId:guid}/tickets/{ticketId:guid}/attendee: signed in",
            "PUT /api/participants/orders/{orderId:guid}: participant",
            "PUT /api/participants/tickets/{ticketId:guid}/transfers/{transferId:guid}: participant",
        ];

        Assert.Equal(table, EndpointAccess.TableOf(app.Services));
    }

    [Fact]
    public async Task Bad_input_is_always_refused()
    {
        using var fresh = new ParticipantsApp();
        await BadInput.IsAlwaysRefused(
            fresh, TestUser.Participant(), TestUser.Organizer(fresh.Organization, "order.read", "order.refund", "checkin.scan", "event.edit", "staff.manage"));
    }
}
