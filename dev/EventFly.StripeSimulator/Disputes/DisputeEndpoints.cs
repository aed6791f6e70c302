using EventFly.StripeSimulator.Storage;
using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator.Disputes;

internal sealed record EvidenceDetails
{
    public required long DueBy { get; init; }

    public Empty EnhancedEligibility { get; } = Empty.Object;

    public bool HasEvidence { get; init; }

    public bool PastDue { get; init; }

    public long SubmissionCount { get; init; }
}

internal sealed record DisputedCard(string Brand)
{
    public string CaseType { get; } = "chargeback";

    public string NetworkReasonCode { get; } = "10.4";
}

internal sealed record DisputedMethod(DisputedCard Card)
{
    public string Type { get; } = "card";
}

internal sealed record Dispute : IStripeObject
{
    public required string Id { get; init; }

    public string Object { get; } = "dispute";

    public required long Amount { get; init; }

    public required IReadOnlyList<object> BalanceTransactions { get; init; }

    public required string Charge { get; init; }

    public required long Created { get; init; }

    public required string Currency { get; init; }

    public IReadOnlyList<string> EnhancedEligibilityTypes { get; init; } = [];

    public Empty Evidence { get; init; } = Empty.Object;

    public required EvidenceDetails EvidenceDetails { get; init; }

    public bool IsChargeRefundable { get; init; }

    public bool Livemode { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required string? PaymentIntent { get; init; }

    public required DisputedMethod PaymentMethodDetails { get; init; }

    public required string Reason { get; init; }

    public required string Status { get; init; }
}

internal static class DisputeEndpoints
{
    private const long Week = 604_800;

    public static void Map(StripeRoutes routes, Account account)
    {
        routes.Get("/v1/disputes/{id}", request =>
            account.Disputes.Find(request.Id) is { } dispute ? Answer.Ok(dispute) : StripeError.Missing("dispute", request.Id));
        routes.Get("/v1/disputes", request => Listing.Page(
            request, "/v1/disputes", account.Disputes,
            dispute => (request.Parameters.Text("charge") is not { } charge || dispute.Charge == charge)
                && (request.Parameters.Text("payment_intent") is not { } intent || dispute.PaymentIntent == intent),
            dispute => dispute),
            [.. Listing.Accepts, "charge", "payment_intent"]);
        routes.Post("/v1/disputes/{id}/close", request => Close(account, request.Id, isWon: false, request) is { } closed
            ? Answer.Ok(closed)
            : StripeError.Missing("dispute", request.Id));
    }

    /// <summary>The buyer's bank takes the money back at once. Null: no such charge, or it is disputed or unpaid.</summary>
    public static Dispute? Open(Account account, string chargeId, string reason, StripeRequest request)
    {
        if (account.Charges.FindSlot(chargeId) is not { } slot) return null;
        lock (slot.Gate)
        {
            var charge = slot.Value;
            var amount = charge.Amount - charge.AmountRefunded;
            if (charge.Status is not "succeeded" || charge.Disputed || amount == 0) return null;

            var id = Ids.New("dp");
            var transaction = BalanceTransactions.BalanceTransactionEndpoints.Book(account, id, "adjustment", -amount, charge.Currency);
            var dispute = new Dispute
            {
                Id = id,
                Amount = amount,
                BalanceTransactions = [account.BalanceTransactions.Find(transaction)!],
                Charge = charge.Id,
                Created = account.Now,
                Currency = charge.Currency,
                EvidenceDetails = new EvidenceDetails { DueBy = account.Now + Week },
                Metadata = Parameters.None,
                PaymentIntent = charge.PaymentIntent as string,
                PaymentMethodDetails = new DisputedMethod(new DisputedCard(charge.PaymentMethodDetails.Card.Brand)),
                Reason = reason,
                Status = "needs_response",
            };
            account.Disputes.Add(dispute);
            slot.Value = charge with { Disputed = true };
            account.Ledger.Add("dispute", id, charge.Id, dispute.PaymentIntent, amount, charge.Currency, dispute.Created, charge.Metadata);
            account.Announce("charge.dispute.created", dispute, request);
            account.Announce("charge.dispute.funds_withdrawn", dispute, request);
            return dispute;
        }
    }

    public static Dispute? Close(Account account, string disputeId, bool isWon, StripeRequest request)
    {
        if (account.Disputes.FindSlot(disputeId) is not { } slot) return null;
        lock (slot.Gate)
        {
            if (slot.Value.Status is "won" or "lost") return slot.Value;
            slot.Value = slot.Value with { Status = isWon ? "won" : "lost" };
            var dispute = slot.Value;
            if (isWon)
            {
                BalanceTransactions.BalanceTransactionEndpoints.Book(account, dispute.Id, "adjustment", dispute.Amount, dispute.Currency);
                account.Ledger.Add(
                    "dispute_won", dispute.Id, dispute.Charge, dispute.PaymentIntent, dispute.Amount, dispute.Currency, account.Now, dispute.Metadata);
                account.Announce("charge.dispute.funds_reinstated", dispute, request);
            }

            account.Announce("charge.dispute.closed", dispute, request);
            return dispute;
        }
    }
}
