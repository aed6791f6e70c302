using System.Security.Cryptography;
using System.Text;
using EventFly.StripeSimulator.Cards;
using EventFly.StripeSimulator.Storage;
using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator.PaymentMethods;

internal static class PaymentMethodEndpoints
{
    public static void Map(StripeRoutes routes, Account account)
    {
        routes.PostFromBrowsers("/v1/payment_methods", request => Create(account, request), "type", "card", "billing_details", "metadata");
        routes.Get("/v1/payment_methods/{id}", request => Retrieve(account, request));
        routes.Get("/v1/payment_methods", request => Listing.Page(
            request, "/v1/payment_methods", account.PaymentMethods,
            method => request.Parameters.Text("customer") is { } customer && method.Customer == customer, method => method),
            [.. Listing.Accepts, "customer", "type"]);
        routes.Post("/v1/payment_methods/{id}/attach", request => Attach(account, request), "customer");
        routes.Post("/v1/payment_methods/{id}/detach", request =>
            account.PaymentMethods.Find(request.Id) is { Customer: null }
                ? StripeError.Invalid("The payment method you provided is not attached to a customer so detachment is impossible.", "payment_method")
                : Change(account, request, method => method with { Customer = null }));
    }

    /// <summary>The method that a request names, or describes in full. A test token becomes an object of its own, as at Stripe.</summary>
    public static PaymentMethod? Resolve(Account account, StripeRequest request, string? fallback = null)
    {
        var parameters = request.Parameters;
        if (parameters.Has("payment_method_data"))
        {
            return FromData(account, request, "payment_method_data[card]", "payment_method_data");
        }

        if ((parameters.Text("payment_method") ?? fallback) is not { } id) return null;
        if (account.PaymentMethods.Find(id) is { } known) return known;
        if (TestCard.WithToken(id) is { } card) return Keep(account, card, 8, 2034, null);

        parameters.Fail(StripeError.Missing("PaymentMethod", id, "payment_method"));
        return null;
    }

    private static Answer Create(Account account, StripeRequest request)
    {
        var type = request.Parameters.RequiredText("type");
        if (type is not "card") request.Parameters.Fail(StripeError.Invalid("The simulator knows payment methods of type card only.", "type"));
        var method = FromData(account, request, "card", null);
        return request.Parameters.Problem is { } problem ? problem : Answer.Ok(method!);
    }

    private static Answer Retrieve(Account account, StripeRequest request) =>
        account.PaymentMethods.Find(request.Id) is { } method ? Answer.Ok(method)
        : TestCard.WithToken(request.Id) is { } card ? Answer.Ok(Keep(account, card, 8, 2034, null))
        : StripeError.Missing("PaymentMethod", request.Id);

    private static Answer Attach(Account account, StripeRequest request)
    {
        var customer = request.Parameters.RequiredText("customer");
        if (customer.Length > 0 && account.Customers.Find(customer) is null)
        {
            request.Parameters.Fail(StripeError.Missing("customer", customer, "customer"));
        }

        if (request.Parameters.Problem is { } problem) return problem;
        if (TestCard.WithToken(request.Id) is { } card) return Answer.Ok(Keep(account, card, 8, 2034, customer));
        return Change(account, request, method => method with { Customer = customer });
    }

    private static Answer Change(Account account, StripeRequest request, Func<PaymentMethod, PaymentMethod> change)
    {
        if (account.PaymentMethods.FindSlot(request.Id) is not { } slot) return StripeError.Missing("PaymentMethod", request.Id);
        lock (slot.Gate) slot.Value = change(slot.Value);
        return Answer.Ok(slot.Value);
    }

    private static PaymentMethod? FromData(Account account, StripeRequest request, string prefix, string? owner)
    {
        var parameters = request.Parameters;
        if (parameters.Text($"{prefix}[token]") is { } token)
        {
            if (TestCard.WithToken(token) is { } known) return Keep(account, known, 8, 2034, null);
            parameters.Fail(StripeError.Missing("token", token, $"{prefix}[token]"));
            return null;
        }

        var number = parameters.RequiredText($"{prefix}[number]").Replace(" ", "", StringComparison.Ordinal);
        var month = parameters.Integer($"{prefix}[exp_month]");
        var year = parameters.Integer($"{prefix}[exp_year]");
        if (month is null) parameters.RequiredText($"{prefix}[exp_month]");
        if (year is null) parameters.RequiredText($"{prefix}[exp_year]");
        if (year < 100) year += 2000;

        var now = account.Clock.GetUtcNow();
        if (!TestCard.IsPlausible(number))
        {
            parameters.Fail(StripeError.Card("incorrect_number", "Your card number is incorrect.", param: "number"));
        }

        if (month is not (>= 1 and <= 12))
        {
            parameters.Fail(StripeError.Card("invalid_expiry_month", "Your card's expiration month is invalid.", param: "exp_month"));
        }

        if (year < now.Year || year > now.Year + 50 || (year == now.Year && month < now.Month))
        {
            parameters.Fail(StripeError.Card("invalid_expiry_year", "Your card's expiration year is invalid.", param: "exp_year"));
        }

        if (parameters.Text($"{prefix}[cvc]") is { } cvc && (cvc.Length is < 3 or > 4 || !cvc.All(char.IsAsciiDigit)))
        {
            parameters.Fail(StripeError.Card("invalid_cvc", "Your card's security code is invalid.", param: "cvc"));
        }

        if (TestCard.WithNumber(number) is not { } card)
        {
            parameters.Fail(StripeError.Card(
                "card_declined", "Your card was declined. Your request was in test mode, but used a non test card.", "test_mode_live_card"));
            return null;
        }

        if (parameters.Problem is not null) return null;

        var billing = owner is null ? "billing_details" : $"{owner}[billing_details]";
        return Keep(account, card, month!.Value, year!.Value, null, new BillingDetails
        {
            Email = parameters.Text($"{billing}[email]"),
            Name = parameters.Text($"{billing}[name]"),
            Phone = parameters.Text($"{billing}[phone]"),
            Address = new Address
            {
                City = parameters.Text($"{billing}[address][city]"),
                Country = parameters.Text($"{billing}[address][country]"),
                Line1 = parameters.Text($"{billing}[address][line1]"),
                Line2 = parameters.Text($"{billing}[address][line2]"),
                PostalCode = parameters.Text($"{billing}[address][postal_code]"),
                State = parameters.Text($"{billing}[address][state]"),
            },
        }, owner is null ? parameters.Metadata() : null);
    }

    private static PaymentMethod Keep(
        Account account, TestCard card, long month, long year, string? customer,
        BillingDetails? billing = null, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var method = new PaymentMethod
        {
            Id = Ids.New("pm"),
            Created = account.Now,
            Customer = customer,
            BillingDetails = billing ?? BillingDetails.None,
            Metadata = metadata ?? Parameters.None,
            TestCard = card,
            Card = new Card
            {
                Brand = card.Brand,
                DisplayBrand = card.Brand,
                ExpMonth = month,
                ExpYear = year,
                Fingerprint = Fingerprint(card),
                Funding = card.Funding,
                Last4 = card.Number[^4..],
                Networks = new CardNetworks([card.Brand]),
            },
        };
        account.PaymentMethods.Add(method);
        return method;
    }

    private static string Fingerprint(TestCard card) =>
        Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(card.Number)))[..16];
}
