using EventFly.Prove.Plan;

namespace EventFly.Prove.Rush;

/// <summary>What all buyers share.</summary>
/// <param name="Entrance">Bounds who look for tickets at once, so that those who have some need not queue behind those who come.</param>
internal sealed record Sale(
    Shop Shop, Door Door, SemaphoreSlim Entrance, HttpClient Bank, string[] Tokens, string OrganizerToken, Told Told, TimeProvider Clock);

/// <summary>One buyer, from the first look to what comes of it.</summary>
internal sealed class Purchase(Sale sale, Buyer buyer, CancellationToken cancellationToken)
{
    private const string SoldOut = "sold out";
    private const string TooLate = "too late";
    private const string Surprised = "surprised";

    private static readonly TimeSpan WatchesFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(700);

    private string Token => sale.Tokens[buyer.Account];

    /// <summary>Returns what came of it, in a word or two.</summary>
    public async Task<string> Run()
    {
        var outcome = SoldOut;
        foreach (var orderId in buyer.Orders)
        {
            outcome = await Buy(orderId);
            if (outcome != SoldOut) break;
            await Task.Delay(buyer.Patience * 40, cancellationToken);
        }

        return outcome;
    }

    private async Task<string> Buy(Guid orderId)
    {
        var held = await Hold(orderId);
        if (!held.IsYes) return Explained("hold", held, ("sold-out", SoldOut), ("hold-expired", TooLate));

        sale.Told.Add(new Promise(Kept.Hold, orderId, orderId, Text(held, "status"), Number(held, "amount")) { Lines = buyer.Lines });
        if (buyer.Course is Course.AbandonHold) return "left with a hold";
        if (buyer.Course is Course.ReleaseHold)
        {
            var released = await Send(HttpMethod.Delete, $"/api/participants/events/{sale.Shop.EventId}/holds/{orderId}", null);
            if (!released.IsYes) return Explained("release", released);
            sale.Told.Add(new Promise(Kept.Release, orderId, orderId, "", 0));
            return "released the hold";
        }

        var placed = await Send(HttpMethod.Put, $"/api/participants/orders/{orderId}", new
        {
            eventId = sale.Shop.EventId,
            attendees = buyer.Lines.SelectMany(line => Enumerable.Range(1, line.Quantity).Select(number => new
            {
                ticketTypeId = line.TicketTypeId, name = $"Guest {number}", email = "guest@example.org",
            })),
        });
        if (!placed.IsYes) return Explained("order", placed, ("hold-expired", TooLate), ("sold-out", TooLate));

        var amount = Number(placed, "amount");
        sale.Told.Add(new Promise(Kept.Order, orderId, orderId, Text(placed, "status"), amount));
        return buyer.Course switch
        {
            Course.AbandonOrder => "left with an order",
            Course.CancelOrder => await Cancel(orderId),
            Course.CancelWhilePaying => await CancelWhilePaying(orderId, amount),
            Course.AskForMoneyBack => await AskForMoneyBack(orderId, amount, null),
            Course.AskForPartBack => await AskForMoneyBack(orderId, amount, amount == 0 ? null : placed.Body.GetProperty("tickets")[0].GetProperty("ticketId").GetGuid()),
            _ when amount == 0 => "free tickets",
            Course.PayTwice => await PayTwice(orderId),
            Course.PayAfterDecline => await Pay(orderId, buyer.FirstPayment, "pm_card_visa_chargeDeclined") is "declined"
                ? await Pay(orderId, buyer.SecondPayment, "pm_card_mastercard") : TooLate,
            Course.BeDeclined => await Pay(orderId, buyer.FirstPayment, "pm_card_chargeDeclinedInsufficientFunds"),
            Course.Authenticate or Course.RefuseToAuthenticate or Course.AuthenticateTooLate => await Authenticate(orderId, Time(placed, "payBy")),
            _ => await Pay(orderId, buyer.FirstPayment, "pm_card_visa"),
        };
    }

    private async Task<Answer> Hold(Guid orderId)
    {
        await sale.Entrance.WaitAsync(cancellationToken);
        try
        {
            return await Send(HttpMethod.Put, $"/api/participants/events/{sale.Shop.EventId}/holds/{orderId}", new
            {
                lines = buyer.Lines.Select(line => new { ticketTypeId = line.TicketTypeId, quantity = line.Quantity }),
            });
        }
        finally
        {
            sale.Entrance.Release();
        }
    }

    private async Task<string> Cancel(Guid orderId)
    {
        var cancelled = await Send(HttpMethod.Post, $"/api/participants/orders/{orderId}/cancellation", null);
        if (!cancelled.IsYes) return Explained("cancellation", cancelled, ("order-paid", "paid before it was cancelled"));

        sale.Told.Add(new Promise(Kept.Cancellation, orderId, orderId, Text(cancelled, "status"), 0));
        return "cancelled";
    }

    private async Task<string> CancelWhilePaying(Guid orderId, long amount)
    {
        if (amount == 0) return await Cancel(orderId);
        var both = await Task.WhenAll(Pay(orderId, buyer.FirstPayment, "pm_card_visa"), Cancel(orderId));
        return $"{both[0]}, {both[1]}";
    }

    private async Task<string> PayTwice(Guid orderId)
    {
        var both = await Task.WhenAll(Pay(orderId, buyer.FirstPayment, "pm_card_visa"), Pay(orderId, buyer.SecondPayment, "pm_card_mastercard"));
        return both.Contains("paid") ? "paid" : both[0];
    }

    private async Task<string> AskForMoneyBack(Guid orderId, long amount, Guid? ticketId)
    {
        if (amount > 0 && await Pay(orderId, buyer.FirstPayment, "pm_card_visa") is var paid and not "paid") return paid;
        if (await Watch($"/api/participants/orders/{orderId}", "status", "placed", "expired") is not "confirmed") return TooLate;

        var refunded = await sale.Door.Send(
            HttpMethod.Put, $"/api/participants/orders/{orderId}/refunds/{buyer.RefundId}", sale.OrganizerToken,
            ticketId is null ? null : new { ticketIds = new[] { ticketId } }, buyer.Manner, buyer.Patience, cancellationToken);
        if (!refunded.IsYes) return Explained("refund", refunded);

        sale.Told.Add(new Promise(Kept.Refund, orderId, buyer.RefundId, Text(refunded, "status"), amount) { TicketId = ticketId });
        return ticketId is null ? "refunded" : "refunded in part";
    }

    private async Task<string> Authenticate(Guid orderId, DateTimeOffset payBy)
    {
        var outcome = await Pay(orderId, buyer.FirstPayment, "pm_card_threeDSecure2Required", waitsForBank: true);
        if (outcome is not "at the bank") return outcome;
        if (buyer.Course is Course.AuthenticateTooLate)
        {
            // About when the hold ends: a moment before, or after it and before anybody has noticed.
            var wait = payBy - sale.Clock.GetUtcNow() + TimeSpan.FromMilliseconds((buyer.Patience.TotalMilliseconds * 12) - 400);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellationToken);
        }

        var asked = await sale.Door.Send(HttpMethod.Get, $"/api/payments/payments/{buyer.FirstPayment}", Token, null, cancellationToken);
        if (!asked.IsYes) return Explained("payment", asked);
        if (!asked.Body.TryGetProperty("actionUrl", out var page)) return TooLate;

        await SayAtBank(page.GetString()!, buyer.Course is Course.RefuseToAuthenticate ? "fail" : "complete");
        var status = await Watch($"/api/payments/payments/{buyer.FirstPayment}", "status", "started", "requiresAction", "processing");
        return Note(orderId, buyer.FirstPayment, status);
    }

    private async Task SayAtBank(string page, string verdict)
    {
        var address = new UriBuilder(page);
        address.Path += $"/{verdict}";
        try
        {
            using var response = await sale.Bank.PostAsync(address.Uri, null, cancellationToken);
        }
        catch (Exception lost) when (lost is HttpRequestException || (lost is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The buyer does not hear whether the bank heard; what the payment says then counts.
        }
    }

    private async Task<string> Pay(Guid orderId, Guid paymentId, string card, bool waitsForBank = false)
    {
        var path = $"/api/payments/payments/{paymentId}";
        var paid = await Send(HttpMethod.Put, path, new { orderId, paymentMethodId = card, returnUrl = "https://example.org/back" });
        if (!paid.IsYes)
        {
            return Explained(
                "payment", paid, ("order-closed", TooLate), ("order-already-paid", "paid already"), ("payment-in-progress", "another payment under way"),
                // The request was lost between two steps, and the attempt was given up in the meantime: nothing was charged under this id, nor will be.
                ("payment-id-taken", "asked to pay under a fresh id"));
        }

        var status = Text(paid, "status");
        if (status is "processing" or "started") status = await Watch(path, "status", "started", "processing");
        sale.Told.Add(new Promise(Kept.Payment, orderId, paymentId, status, Number(paid, "amount")));
        return status is "requiresAction" && waitsForBank ? "at the bank" : Word(status);
    }

    private string Note(Guid orderId, Guid paymentId, string status)
    {
        sale.Told.Add(new Promise(Kept.Payment, orderId, paymentId, status, 0));
        return Word(status);
    }

    private static string Word(string status) => status switch
    {
        "succeeded" => "paid",
        "failed" => "declined",
        "cancelled" => TooLate,
        _ => "left while the payment was under way",
    };

    /// <summary>Looks until it is something else, or for a while.</summary>
    private async Task<string> Watch(string path, string field, params string[] goesOn)
    {
        var until = sale.Clock.GetUtcNow() + WatchesFor;
        while (true)
        {
            var answer = await sale.Door.Send(HttpMethod.Get, path, Token, null, cancellationToken);
            if (!answer.IsYes)
            {
                sale.Told.WasSurprised(buyer, "a look", answer);
                return Surprised;
            }

            var now = Text(answer, field);
            if (!goesOn.Contains(now) || sale.Clock.GetUtcNow() > until) return now;
            await Task.Delay(LooksEvery, cancellationToken);
        }
    }

    private Task<Answer> Send(HttpMethod method, string path, object? body) =>
        sale.Door.Send(method, path, Token, body, buyer.Manner, buyer.Patience, cancellationToken);

    /// <summary>A refusal that the run itself provokes has its word; any other is a surprise.</summary>
    private string Explained(string step, Answer answer, params (string Code, string Outcome)[] expected)
    {
        foreach (var (code, outcome) in expected)
        {
            if (answer.Code == code) return outcome;
        }

        sale.Told.WasSurprised(buyer, step, answer);
        return Surprised;
    }

    private static string Text(Answer answer, string name) => answer.Body.GetProperty(name).GetString()!;

    private static long Number(Answer answer, string name) => answer.Body.GetProperty(name).GetInt64();

    private static DateTimeOffset Time(Answer answer, string name) => answer.Body.GetProperty(name).GetDateTimeOffset();
}
