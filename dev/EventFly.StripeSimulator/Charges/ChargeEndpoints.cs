using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator.Charges;

internal static class ChargeEndpoints
{
    public static void Map(StripeRoutes routes, Account account)
    {
        routes.Get("/v1/charges/{id}", request =>
            account.Charges.Find(request.Id) is { } charge
                ? Expansion.Answer(request, charge, account)
                : StripeError.Missing("charge", request.Id));

        routes.Get("/v1/charges", request => Expansion.List(request, account, () => Listing.Page(
            request, "/v1/charges", account.Charges,
            charge => (request.Parameters.Text("payment_intent") is not { } intent || charge.PaymentIntent as string == intent)
                && (request.Parameters.Text("customer") is not { } customer || charge.Customer as string == customer),
            charge => charge)),
            [.. Listing.Accepts, "payment_intent", "customer"]);

        routes.Post("/v1/charges/{id}", request => Update(account, request), "metadata", "description", "receipt_email");
    }

    private static Answer Update(Account account, StripeRequest request)
    {
        if (account.Charges.FindSlot(request.Id) is not { } slot) return StripeError.Missing("charge", request.Id);
        lock (slot.Gate)
        {
            var metadata = request.Parameters.Metadata(slot.Value.Metadata);
            if (request.Parameters.Problem is { } problem) return problem;
            slot.Value = slot.Value with
            {
                Metadata = metadata,
                Description = request.Parameters.Text("description") ?? slot.Value.Description,
                ReceiptEmail = request.Parameters.Text("receipt_email") ?? slot.Value.ReceiptEmail,
            };
        }

        account.Announce("charge.updated", slot.Value, request);
        return Expansion.Answer(request, slot.Value, account);
    }
}
