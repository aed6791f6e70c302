using EventFly.StripeSimulator.PaymentMethods;
using EventFly.StripeSimulator.Storage;
using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator.Customers;

internal sealed record InvoiceSettings
{
    public object? CustomFields { get; init; }

    public string? DefaultPaymentMethod { get; init; }

    public string? Footer { get; init; }

    public object? RenderingOptions { get; init; }

    public static readonly InvoiceSettings None = new();
}

internal sealed record Customer : IStripeObject
{
    public required string Id { get; init; }

    public string Object { get; } = "customer";

    public Address? Address { get; init; }

    public long Balance { get; init; }

    public required long Created { get; init; }

    public string? Currency { get; init; }

    public string? DefaultSource { get; init; }

    public bool Delinquent { get; init; }

    public string? Description { get; init; }

    public object? Discount { get; init; }

    public string? Email { get; init; }

    public required string InvoicePrefix { get; init; }

    public InvoiceSettings InvoiceSettings { get; init; } = InvoiceSettings.None;

    public bool Livemode { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public string? Name { get; init; }

    public long NextInvoiceSequence { get; init; } = 1;

    public string? Phone { get; init; }

    public IReadOnlyList<string> PreferredLocales { get; init; } = [];

    public object? Shipping { get; init; }

    public string? TaxExempt { get; init; } = "none";

    public string? TestClock { get; init; }
}

internal static class CustomerEndpoints
{
    private static readonly string[] Accepts =
        ["email", "name", "phone", "description", "metadata", "address", "payment_method", "invoice_settings", "preferred_locales", "shipping"];

    public static void Map(StripeRoutes routes, Account account)
    {
        routes.Post("/v1/customers", request => Create(account, request), Accepts);
        routes.Post("/v1/customers/{id}", request => Update(account, request), Accepts);
        routes.Get("/v1/customers/{id}", request =>
            account.Customers.Find(request.Id) is { } customer ? Answer.Ok(customer) : StripeError.Missing("customer", request.Id));
        routes.Get("/v1/customers", request => Listing.Page(
            request, "/v1/customers", account.Customers,
            customer => request.Parameters.Text("email") is not { } email || customer.Email == email,
            customer => customer),
            [.. Listing.Accepts, "email"]);
        routes.Delete("/v1/customers/{id}", request => account.Customers.Remove(request.Id)
            ? Answer.Ok(new Deleted(request.Id, "customer"))
            : StripeError.Missing("customer", request.Id));
    }

    private static Answer Create(Account account, StripeRequest request)
    {
        var customer = With(request, new Customer
        {
            Id = Ids.New("cus", 14),
            Created = account.Now,
            InvoicePrefix = Ids.Random(8).ToUpperInvariant(),
            Metadata = Parameters.None,
        });
        if (request.Parameters.Problem is { } problem) return problem;
        account.Customers.Add(customer);
        account.Announce("customer.created", customer, request);
        return Answer.Ok(customer);
    }

    private static Answer Update(Account account, StripeRequest request)
    {
        if (account.Customers.FindSlot(request.Id) is not { } slot) return StripeError.Missing("customer", request.Id);
        lock (slot.Gate)
        {
            var customer = With(request, slot.Value);
            if (request.Parameters.Problem is { } problem) return problem;
            slot.Value = customer;
            account.Announce("customer.updated", customer, request);
            return Answer.Ok(customer);
        }
    }

    private static Customer With(StripeRequest request, Customer before) => before with
    {
        Email = request.Parameters.Text("email") ?? before.Email,
        Name = request.Parameters.Text("name") ?? before.Name,
        Phone = request.Parameters.Text("phone") ?? before.Phone,
        Description = request.Parameters.Text("description") ?? before.Description,
        Metadata = request.Parameters.Metadata(before.Metadata),
        InvoiceSettings = request.Parameters.Text("invoice_settings[default_payment_method]") is { } method
            ? new InvoiceSettings { DefaultPaymentMethod = method }
            : before.InvoiceSettings,
    };
}
