using EventFly.StripeSimulator.Storage;
using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator.BalanceTransactions;

internal sealed record FeeDetail(long Amount, string Currency)
{
    public string? Application { get; }

    public string Description { get; } = "Stripe processing fees";

    public string Type { get; } = "stripe_fee";
}

internal sealed record BalanceTransaction : IStripeObject
{
    public required string Id { get; init; }

    public string Object { get; } = "balance_transaction";

    public required long Amount { get; init; }

    public required long AvailableOn { get; init; }

    public string BalanceType { get; } = "payments";

    public required long Created { get; init; }

    public required string Currency { get; init; }

    public string? Description { get; init; }

    public decimal? ExchangeRate { get; init; }

    public required long Fee { get; init; }

    public required IReadOnlyList<FeeDetail> FeeDetails { get; init; }

    public required long Net { get; init; }

    public required string ReportingCategory { get; init; }

    public required string Source { get; init; }

    public string Status { get; init; } = "pending";

    public required string Type { get; init; }
}

internal static class BalanceTransactionEndpoints
{
    private const long TwoDays = 172_800;

    public static void Map(StripeRoutes routes, Account account)
    {
        routes.Get("/v1/balance_transactions/{id}", request =>
            account.BalanceTransactions.Find(request.Id) is { } transaction
                ? Answer.Ok(transaction)
                : StripeError.Missing("balance transaction", request.Id));

        routes.Get("/v1/balance_transactions", request => Listing.Page(
            request, "/v1/balance_transactions", account.BalanceTransactions,
            transaction => (request.Parameters.Text("source") is not { } source || transaction.Source == source)
                && (request.Parameters.Text("type") is not { } type || transaction.Type == type),
            transaction => transaction),
            [.. Listing.Accepts, "source", "type", "currency"]);
    }

    /// <summary>Money in or out, with the usual fee of 2.9 % + 30 on what comes in, if the caller names no other.</summary>
    public static string Book(Account account, string source, string type, long amount, string currency, long? otherFee = null)
    {
        var fee = otherFee ?? (type == "charge" ? (amount * 29 / 1_000) + 30 : 0);
        var transaction = new BalanceTransaction
        {
            Id = Ids.New("txn"),
            Amount = amount,
            AvailableOn = account.Now + TwoDays,
            Created = account.Now,
            Currency = currency,
            Fee = fee,
            FeeDetails = fee == 0 ? [] : [new FeeDetail(fee, currency)],
            Net = amount - fee,
            ReportingCategory = type == "adjustment" ? "dispute" : type,
            Source = source,
            Type = type,
        };
        account.BalanceTransactions.Add(transaction);
        return transaction.Id;
    }
}
