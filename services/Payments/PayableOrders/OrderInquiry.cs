using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Serialization;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.ServiceDefaults.Discovery;

namespace EventFly.Payments.PayableOrders;

/// <summary>
/// Asks Participants for an order whose message is late (the bus or this service was away), with the buyer's own token: who may not see the order
/// there, may not pay it here.
/// </summary>
internal sealed class OrderInquiry(HttpClient http, IConfiguration configuration, Documents<PayableOrder> orders)
{
    public const string Participants = "participants";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<(OrderTerms? Terms, Refusal? Refusal)> Ask(Guid orderId, string authorization, CancellationToken cancellationToken)
    {
        if (configuration.AddressesOf(Participants).Count == 0) return (null, null);
        OrderAnswer? order;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{Participants}/api/participants/orders/{orderId}");
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
            using var response = await http.SendAsync(request, limit.Token);
            if (response.StatusCode is HttpStatusCode.NotFound) return (null, null);
            response.EnsureSuccessStatusCode();
            order = await response.Content.ReadFromJsonAsync<OrderAnswer>(EventFlyJson.Options, limit.Token);
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return (null, Refusal.Unavailable("order-not-known-yet", "The order is not known here yet. Try again.", TimeSpan.FromSeconds(1)));
        }

        if (order is null || order.Status != "placed") return (null, Refusal.Conflict("order-closed", "This order cannot be paid any more."));

        var terms = new OrderTerms(order.EventId, order.OrganizationId, order.BuyerId, order.Amount, order.Currency, order.PayBy) { Tickets = order.Tickets?.Count ?? 0 };
        var (stored, refusal) = await orders.Change(
            PayableOrder.IdOf(orderId), known => (known?.Body ?? PayableOrder.Unknown(orderId)).Place(terms), cancellationToken);
        return (stored?.Body.Terms, refusal);
    }

    private sealed record OrderAnswer(
        [property: JsonRequired] Guid EventId,
        [property: JsonRequired] Guid OrganizationId,
        [property: JsonRequired] Guid BuyerId,
        [property: JsonRequired] string Status,
        [property: JsonRequired] long Amount,
        [property: JsonRequired] string Currency,
        [property: JsonRequired] DateTimeOffset PayBy,
        IReadOnlyList<OrderedTicket>? Tickets = null);

    private sealed record OrderedTicket(Guid TicketId);
}
