using System.Text.Json;

namespace EventFly.EndToEnd.Tests;

/// <summary>One event on sale at the running system, and people who buy.</summary>
internal sealed class Shop(DistributedApplication app)
{
    private const int Price = 2_500;

    private readonly Client gateway = new(app.CreateHttpClient("gateway"));
    private readonly Client simulator = new(app.CreateHttpClient("stripe-simulator"));

    public Guid EventId { get; } = Guid.CreateVersion7();

    public Guid TicketTypeId { get; } = Guid.CreateVersion7();

    public async Task Open(int tickets)
    {
        var organizer = await gateway.Call(HttpMethod.Post, "/api/auth/organizers", body: new { email = Email("organizer"), password = "correct horse battery", name = "Olivia" });
        var organizationId = Guid.CreateVersion7();
        await gateway.Call(HttpMethod.Put, $"/api/organizations/{organizationId}", Token(organizer), new { name = "Riverside" });
        while (organizer.GetProperty("account").TryGetProperty("organizationId", out var organization) is false || organization.ValueKind is JsonValueKind.Null)
        {
            organizer = await gateway.Call(HttpMethod.Post, "/api/auth/sessions/refresh", body: new { refreshToken = organizer.GetProperty("refreshToken").GetString() });
        }

        var startsAt = TimeProvider.System.GetUtcNow().AddDays(30);
        await gateway.Call(HttpMethod.Put, $"/api/events/{EventId}", Token(organizer), new
        {
            name = "Summer Night", description = "", startsAt, endsAt = startsAt.AddHours(4), timeZone = "Europe/Berlin", venue = new { name = "Old Mill" }, visibility = "public",
        });
        await gateway.Call(
            HttpMethod.Put, $"/api/events/{EventId}/ticket-types/{TicketTypeId}", Token(organizer), new { name = "Regular", price = Price, currency = "EUR", quantity = tickets });
        await gateway.Call(HttpMethod.Post, $"/api/events/{EventId}/publication", Token(organizer));
        await Eventually(async () => await Free() == tickets, "tickets are on sale");
    }

    public async Task<Buyer> NewBuyer()
    {
        var signedUp = await gateway.Call(HttpMethod.Post, "/api/auth/participants", body: new { email = Email("buyer"), password = "correct horse battery", name = "Bea" });
        return new Buyer(this, Token(signedUp));
    }

    public async Task<int> Free() => (await gateway.Call(HttpMethod.Get, $"/api/participants/events/{EventId}/availability"))
        .GetProperty("ticketTypes")[0].GetProperty("free").GetInt32();

    /// <summary>What the processor moved, by order.</summary>
    public async Task<ILookup<Guid, (string Kind, long Amount)>> Movements()
    {
        List<(Guid Order, string Kind, long Amount)> movements = [];
        for (long? after = 0; after is not null;)
        {
            var page = await simulator.Call(HttpMethod.Get, $"/_simulator/ledger?after={after}&limit=1000");
            movements.AddRange(page.GetProperty("movements").EnumerateArray()
                .Where(movement => movement.GetProperty("metadata").TryGetProperty("order_id", out _))
                .Select(movement => (
                    movement.GetProperty("metadata").GetProperty("order_id").GetGuid(),
                    movement.GetProperty("kind").GetString()!,
                    movement.GetProperty("amount").GetInt64())));
            after = page.TryGetProperty("next", out var next) && next.ValueKind is JsonValueKind.Number ? next.GetInt64() : null;
        }

        return movements.ToLookup(movement => movement.Order, movement => (movement.Kind, movement.Amount));
    }

    private static async Task Eventually(Func<Task<bool>> isSo, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await Answered(isSo))
        {
            Assert.False(patience.IsCancellationRequested, $"Not in time: {what}");
            await Task.Delay(100);
        }
    }

    private static async Task<bool> Answered(Func<Task<bool>> isSo)
    {
        try
        {
            return await isSo();
        }
        catch (InvalidOperationException)
        {
            // Refused: the news has not arrived yet.
            return false;
        }
    }

    private static string Email(string who) => $"{who}-{Guid.CreateVersion7():N}@example.org";

    private static string Token(JsonElement signedIn) => signedIn.GetProperty("accessToken").GetString()!;

    /// <summary>Buys one order, step by step.</summary>
    internal sealed class Buyer(Shop shop, string token)
    {
        public Guid OrderId { get; } = Guid.CreateVersion7();

        public Guid PaymentId { get; } = Guid.CreateVersion7();

        public Task Hold(int quantity) => shop.gateway.Call(
            HttpMethod.Put, $"/api/participants/events/{shop.EventId}/holds/{OrderId}", token, new { lines = new[] { new { ticketTypeId = shop.TicketTypeId, quantity } } });

        public Task Order(int quantity) => shop.gateway.Call(HttpMethod.Put, $"/api/participants/orders/{OrderId}", token, new
        {
            eventId = shop.EventId,
            attendees = Enumerable.Range(1, quantity).Select(number => new { ticketTypeId = shop.TicketTypeId, name = $"Guest {number}", email = "guest@example.org" }),
        });

        public Task<JsonElement> Pay() => shop.gateway.Call(
            HttpMethod.Put, $"/api/payments/payments/{PaymentId}", token, new { orderId = OrderId, paymentMethodId = "pm_card_visa", returnUrl = "https://example.org/back" });

        public Task<JsonElement> Confirmed() => shop.gateway.Until(
            $"/api/participants/orders/{OrderId}", token, order => order.GetProperty("status").GetString() == "confirmed", "the order is confirmed");

        public async Task<int> Tickets(int expected)
        {
            var mine = await shop.gateway.Until(
                "/api/participants/tickets?limit=100", token, tickets => tickets.GetProperty("items").GetArrayLength() >= expected, "the tickets are there");
            return mine.GetProperty("items").GetArrayLength();
        }
    }
}
