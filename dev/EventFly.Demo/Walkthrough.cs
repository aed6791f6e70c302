using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using static EventFly.Demo.Answers;

namespace EventFly.Demo;

/// <summary>The main job, from the organiser's sign-up to the money that goes back.</summary>
internal sealed class Walkthrough(Gateway gateway, DemoOptions options, Steps steps, CancellationToken cancellationToken)
{
    private const int PaidPrice = 2_500;
    private const int PaidQuantity = 20;

    private static readonly string[] Tags = ["music", "open air"];

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private readonly Person organizer = new("Olivia Organiser");
    private readonly Person buyer = new("Bea Buyer");
    private readonly Person second = new("Sam Second");
    private readonly Guid eventId = Guid.CreateVersion7();
    private readonly Guid paidType = Guid.CreateVersion7();
    private readonly Guid freeType = Guid.CreateVersion7();
    private string? refusal;

    /// <returns>0 only when all of it happened.</returns>
    public static async Task<int> Run(Gateway gateway, DemoOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var steps = new Steps(output);
        try
        {
            await output.WriteLineAsync($"EventFly, shown at {options.Gateway.GetLeftPart(UriPartial.Authority)}");
            await new Walkthrough(gateway, options, steps, cancellationToken).Run();
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"All of it happened: {steps.Count} steps in {steps.Elapsed.TotalSeconds:0.0} s."));
            return 0;
        }
        catch (UnreachableException nobody)
        {
            await output.WriteLineAsync(nobody.Message);
        }
        catch (StepFailedException failed)
        {
            await output.WriteLineAsync($"FAILED after {steps.Count} steps, at: {steps.Current}");
            await output.WriteLineAsync($"  request: {failed.Request ?? "none"}");
            await output.WriteLineAsync($"  problem: {failed.Message}");
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync($"FAILED at: {steps.Current}: {unwritable.Message} Choose another folder with --out.");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync($"Stopped at: {steps.Current}");
        }

        return 1;
    }

    private async Task Run()
    {
        await steps.Do("The system is ready", Ready);
        await Sell();
        var first = await BuyWithCard();
        var ticket = await SaveTicket(first);
        await Admit(ticket);
        var free = await TakeFreeTicket();
        var authenticated = await PayWithThreeDSecure();
        await DeclineAndGiveBack();
        await RefundOne(authenticated);
        await CancelEvent(first, free);
    }

    private async Task<string> Ready()
    {
        await gateway.Until<bool>(
            "the gateway says that it is ready",
            async () => await Probe("/health") ? true : null,
            cancellationToken,
            () => refusal);
        return "";
    }

    private async Task<bool> Probe(string path)
    {
        try
        {
            await gateway.Call(HttpMethod.Get, path, null, null, cancellationToken);
            return true;
        }
        catch (StepFailedException failed)
        {
            // Not yet; the wait around this says so when its time is up.
            refusal = failed.Message;
            return false;
        }
    }

    private async Task Sell()
    {
        await steps.Do("An organiser signs up", async () =>
        {
            await organizer.SignUp(gateway, "organizers", cancellationToken);
            return organizer.Email;
        });

        await steps.Do("She creates an organisation", async () =>
        {
            var organizationId = Guid.CreateVersion7();
            await gateway.Call(HttpMethod.Put, $"/api/organizations/{organizationId}", organizer, new { name = "Riverside Concerts" }, cancellationToken);
            await gateway.Until<bool>("her token speaks for the organisation", async () => await organizer.Refresh(gateway, cancellationToken) ? true : null, cancellationToken);
            return organizationId.ToString();
        });

        await steps.Do("She creates an event with a paid and a free ticket type", async () =>
        {
            var startsAt = TimeProvider.System.GetUtcNow().AddDays(30);
            await gateway.Call(HttpMethod.Put, $"/api/events/{eventId}", organizer, new
            {
                name = "Summer Night at the River",
                description = "Four bands, one river.",
                startsAt,
                endsAt = startsAt.AddHours(6),
                timeZone = "Europe/Berlin",
                venue = new { name = "Old Mill", address = "River Road 1", latitude = 52.5, longitude = 13.4 },
                tags = Tags,
                visibility = "unlisted",
            }, cancellationToken);
            await PutType(paidType, "Regular", PaidPrice, PaidQuantity);
            await PutType(freeType, "Neighbour", 0, 5);
            return eventId.ToString();
        });

        await steps.Do("She publishes it", async () =>
        {
            await gateway.Call(HttpMethod.Post, $"/api/events/{eventId}/publication", organizer, null, cancellationToken);
            var published = await gateway.Call(HttpMethod.Get, $"/api/events/{eventId}", null, null, cancellationToken);
            Must(published.Text("status") == "published", $"the event is {published.Text("status")}");
            var free = await gateway.Until<int>("tickets are on sale", async () => await Probe($"/api/participants/events/{eventId}/availability") ? await Free(paidType) : null, cancellationToken, () => refusal);
            Must(free == PaidQuantity, $"{free} tickets are free, {PaidQuantity} were put up");
            return $"{free} tickets at {Money(PaidPrice)} are on sale";
        });
    }

    private Task<JsonElement> PutType(Guid id, string name, int price, int quantity) => gateway.Call(
        HttpMethod.Put, $"/api/events/{eventId}/ticket-types/{id}", organizer, new { name, price, currency = "EUR", quantity, perBuyerLimit = 10 }, cancellationToken);

    private async Task<Order> BuyWithCard()
    {
        await steps.Do("A buyer signs up", async () =>
        {
            await buyer.SignUp(gateway, "participants", cancellationToken);
            return buyer.Email;
        });

        var order = new Order(Guid.CreateVersion7(), buyer);
        // As her app would: hold, order and payment belong to one trace.
        using var purchase = new Activity("purchase") { ActivityTraceFlags = ActivityTraceFlags.Recorded };
        purchase.Start();
        await steps.Do("She holds two tickets", () => Hold(order, paidType, 2));
        await steps.Do("She orders them", () => Place(order, paidType, 2));
        await steps.Do("She pays with a test card", async () =>
        {
            var payment = await Pay(order, "pm_card_visa");
            Must(payment.Text("status") is "succeeded" or "processing", $"the payment is {payment.Text("status")}");
            var again = await Pay(order, "pm_card_visa");
            Must(again.Text("paymentId") == payment.Text("paymentId"), "the same payment, sent again, is another one");
            return $"{Money(order.Amount)}, payment {order.PaymentId}";
        });
        await steps.Do("Her order is confirmed", async () => $"{await Confirmed(order)}, in the dashboard trace {purchase.TraceId.ToHexString()[..7]}");
        return order;
    }

    private async Task<JsonElement> SaveTicket(Order order)
    {
        var ticket = default(JsonElement);
        await steps.Do("Her tickets are there, with QR codes", async () =>
        {
            var tickets = await Tickets(order, 2);
            ticket = tickets[0];
            var id = ticket.Text("ticketId");
            var png = await gateway.Download($"/api/participants/tickets/{id}/qr.png", order.By, "image/png", cancellationToken);
            Must(png.AsSpan().StartsWith(PngSignature), "the PNG is none");
            var svg = await gateway.Download($"/api/participants/tickets/{id}/qr.svg", order.By, "image/svg+xml", cancellationToken);
            Must(Encoding.UTF8.GetString(svg).Contains("<svg", StringComparison.Ordinal), "the SVG is none");
            Directory.CreateDirectory(options.Out);
            await File.WriteAllBytesAsync(Path.Combine(options.Out, $"ticket-{id}.png"), png, cancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(options.Out, $"ticket-{id}.svg"), svg, cancellationToken);
            return Path.Combine(options.Out, $"ticket-{id}.png") + " and .svg";
        });
        return ticket;
    }

    private async Task Admit(JsonElement ticket)
    {
        var path = $"/api/participants/events/{eventId}/checkins";
        var scanId = Guid.CreateVersion7();
        var code = ticket.Get("code").GetString();
        var first = default(JsonElement);
        await steps.Do("The door admits her", async () =>
        {
            first = await gateway.Call(HttpMethod.Post, path, organizer, new { scanId, code, gate = "North" }, cancellationToken);
            var repeated = await gateway.Call(HttpMethod.Post, path, organizer, new { scanId, code, gate = "North" }, cancellationToken);
            Must(first.Text("admittedAt") is not null && first.Text("admittedAt") == repeated.Text("admittedAt"), "the same scan, sent again, is another one");
            return $"{first.Text("attendeeName")}, gate {first.Text("gate")}, {first.Text("admittedAt")}";
        });

        await steps.Do("A second scan is refused with the time of the first", async () =>
        {
            var refusal = await gateway.Refused(
                HttpMethod.Post, path, organizer, new { scanId = Guid.CreateVersion7(), code, gate = "South" }, HttpStatusCode.Conflict, "already-admitted", cancellationToken);
            Must(refusal.Text("admittedAt") == first.Text("admittedAt"), $"it names {refusal.Text("admittedAt")}, the first was at {first.Text("admittedAt")}");
            return $"admitted at {refusal.Text("admittedAt")}, gate {refusal.Text("gate")}";
        });
    }

    private async Task<Order> TakeFreeTicket()
    {
        var order = new Order(Guid.CreateVersion7(), buyer);
        await steps.Do("She takes a free ticket, without a payment", async () =>
        {
            await Hold(order, freeType, 1);
            await Place(order, freeType, 1);
            await Confirmed(order);
            await Tickets(order, 1);
            return $"order {order.Id}";
        });
        return order;
    }

    /// <returns>A paid order either way.</returns>
    private async Task<Order> PayWithThreeDSecure()
    {
        var order = new Order(Guid.CreateVersion7(), buyer);
        await steps.Do("Her bank asks for 3-D Secure", async () =>
        {
            await Hold(order, paidType, 1);
            await Place(order, paidType, 1);
            var payment = await Pay(order, "pm_card_threeDSecure2Required");
            Must(payment.Text("status") == "requiresAction", $"the payment is {payment.Text("status")}");
            var page = new Uri(payment.Text("actionUrl") ?? throw new StepFailedException($"the payment names no page: {payment}"));
            if (await gateway.Authenticate(page, cancellationToken))
            {
                await Confirmed(order);
                return "she says yes on its page, and the order is confirmed";
            }

            await gateway.Call(HttpMethod.Post, $"/api/participants/orders/{order.Id}/cancellation", buyer, null, cancellationToken);
            order = new Order(Guid.CreateVersion7(), buyer);
            await Hold(order, paidType, 1);
            await Place(order, paidType, 1);
            await Pay(order, "pm_card_visa");
            await Confirmed(order);
            return "its page cannot be reached from here, so that order is cancelled and another paid without it";
        });
        return order;
    }

    private async Task DeclineAndGiveBack()
    {
        await steps.Do("A second buyer signs up", async () =>
        {
            await second.SignUp(gateway, "participants", cancellationToken);
            return second.Email;
        });

        var order = new Order(Guid.CreateVersion7(), second);
        var before = 0;
        await steps.Do("He holds three tickets and his card is declined", async () =>
        {
            before = await Free(paidType);
            await Hold(order, paidType, 3);
            await Place(order, paidType, 3);
            Must(await Free(paidType) == before - 3, "the hold is not counted");
            var payment = await Pay(order, "pm_card_chargeDeclined");
            Must(payment.Text("status") == "failed", $"the payment is {payment.Text("status")}");
            return $"{payment.Text("code")}, {before - 3} of {before} tickets are left";
        });

        await steps.Do("He cancels, and the tickets go back", async () =>
        {
            var cancelled = await gateway.Call(HttpMethod.Post, $"/api/participants/orders/{order.Id}/cancellation", second, null, cancellationToken);
            Must(cancelled.Text("status") == "cancelled", $"the order is {cancelled.Text("status")}");
            await FreeAgain(before);
            return $"{before} tickets are left";
        });
    }

    private async Task RefundOne(Order order)
    {
        await steps.Do("The organiser refunds an order", async () =>
        {
            var before = await Free(paidType);
            var path = $"/api/participants/orders/{order.Id}/refunds/{Guid.CreateVersion7()}";
            await gateway.Call(HttpMethod.Put, path, organizer, null, cancellationToken);
            await gateway.Call(HttpMethod.Put, path, organizer, null, cancellationToken);
            await RefundedOnce(order);
            await FreeAgain(before + order.Quantity);
            return $"{Money(order.Amount)} went back once, {before + order.Quantity} tickets are left";
        });
    }

    private async Task CancelEvent(Order paid, Order free)
    {
        await steps.Do("The event is cancelled", async () =>
        {
            await gateway.Call(HttpMethod.Post, $"/api/events/{eventId}/cancellation", organizer, new { reason = "The river is too high." }, cancellationToken);
            var seen = await gateway.Call(HttpMethod.Get, $"/api/events/{eventId}", organizer, null, cancellationToken);
            Must(seen.Text("status") == "cancelled", $"the event is {seen.Text("status")}");
            return seen.Text("cancellationReason") ?? "";
        });

        await steps.Do("Who paid gets the money back, once", async () =>
        {
            await RefundedOnce(paid);
            await gateway.Until<bool>("the free order is closed", async () => (await Read(free)).Text("status") == "cancelled" ? true : null, cancellationToken);
            await gateway.Call(HttpMethod.Post, $"/api/events/{eventId}/cancellation", organizer, new { reason = "Said twice." }, cancellationToken);
            await RefundedOnce(paid);
            return Money(paid.Amount);
        });
    }

    private async Task<string> Hold(Order order, Guid type, int quantity)
    {
        var held = await gateway.Call(
            HttpMethod.Put, $"/api/participants/events/{eventId}/holds/{order.Id}", order.By, new { lines = new[] { new { ticketTypeId = type, quantity } } }, cancellationToken);
        order.Quantity = quantity;
        return $"{Money(held.Get("amount").GetInt64())}, until {held.Text("heldUntil")}";
    }

    private async Task<string> Place(Order order, Guid type, int quantity)
    {
        var placed = await gateway.Call(HttpMethod.Put, $"/api/participants/orders/{order.Id}", order.By, new
        {
            eventId,
            attendees = Enumerable.Range(1, quantity).Select(number => new { ticketTypeId = type, name = $"{order.By.Name} {number}", email = order.By.Email }),
        }, cancellationToken);
        order.Amount = placed.Get("amount").GetInt64();
        Must(order.Amount == quantity * (type == paidType ? PaidPrice : 0), $"the order is about {order.Amount}");
        return $"order {order.Id}";
    }

    private Task<JsonElement> Pay(Order order, string card) => gateway.Call(
        HttpMethod.Put, $"/api/payments/payments/{order.PaymentId}", order.By,
        new { orderId = order.Id, paymentMethodId = card, returnUrl = "https://example.org/back" }, cancellationToken);

    private Task<JsonElement> Read(Order order) => gateway.Call(HttpMethod.Get, $"/api/participants/orders/{order.Id}", order.By, null, cancellationToken);

    private async Task<string> Confirmed(Order order)
    {
        await gateway.Until<bool>("the order is confirmed", async () => (await Read(order)).Text("status") == "confirmed" ? true : null, cancellationToken);
        return $"order {order.Id}";
    }

    private async Task<JsonElement[]> Tickets(Order order, int count)
    {
        JsonElement[] found = [];
        await gateway.Until<bool>(
            "the tickets are there",
            async () =>
            {
                var mine = await gateway.Call(HttpMethod.Get, "/api/participants/tickets?limit=100", order.By, null, cancellationToken);
                found = [.. mine.List("items").Where(ticket => ticket.Text("orderId") == order.Id.ToString())];
                return found.Length >= count ? true : null;
            },
            cancellationToken);
        Must(found.Length == count, $"{found.Length} tickets were issued for {count}");
        return found;
    }

    private async Task<int> Free(Guid type)
    {
        var availability = await gateway.Call(HttpMethod.Get, $"/api/participants/events/{eventId}/availability", null, null, cancellationToken);
        return availability.List("ticketTypes").First(each => each.Text("ticketTypeId") == type.ToString()).Get("free").GetInt32();
    }

    private Task<bool> FreeAgain(int expected) => gateway.Until<bool>(
        $"{expected} tickets are free again", async () => await Free(paidType) == expected ? true : null, cancellationToken);

    private async Task RefundedOnce(Order order)
    {
        var refunded = await gateway.Until<JsonElement>(
            "the order is refunded", async () => await Read(order) is var now && now.Text("status") == "refunded" ? now : null, cancellationToken);
        var refunds = refunded.List("refunds").ToArray();
        Must(refunds is [var only] && only.Get("amount").GetInt64() == order.Amount, $"the order has other refunds: {refunded.Get("refunds")}");
        var payment = await gateway.Call(HttpMethod.Get, $"/api/payments/payments/{order.PaymentId}", order.By, null, cancellationToken);
        Must(payment.Get("refundedAmount").GetInt64() == order.Amount, $"{payment.Text("refundedAmount")} of {order.Amount} went back");
    }

    private static string Money(long minorUnits) => string.Create(CultureInfo.InvariantCulture, $"{minorUnits / 100m:0.00} EUR");

    private sealed class Order(Guid id, Person by)
    {
        public Guid Id => id;

        public Person By => by;

        public Guid PaymentId { get; } = Guid.CreateVersion7();

        public int Quantity { get; set; }

        public long Amount { get; set; }
    }
}
