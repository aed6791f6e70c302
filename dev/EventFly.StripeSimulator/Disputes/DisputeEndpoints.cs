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

    /// <summary>What Stripe keeps for a dispute, and returns when it is won.</summary>
    private const long Fee = 1_500;

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
        routes.Post("/v1/disputes/{id}", request => Submit(account, request), "evidence", "submit", "metadata");
        routes.Post("/v1/disputes/{id}/close", request => Close(account, request.Id, isWon: false, request) is { } closed
            ? Answer.Ok(closed)
            : StripeError.Missing("dispute", request.Id));
    }

    /// <summary>
    /// The buyer's bank takes the money back at once: all that is left of the charge, or all of it where nothing is left (banks do that too); with
    /// <paramref name="isInquiry"/> it only asks. Null: no such charge, or it is disputed or unpaid.
    /// </summary>
    public static Dispute? Open(Account account, string chargeId, string reason, StripeRequest request, bool isInquiry = false)
    {
        if (account.Charges.FindSlot(chargeId) is not { } slot) return null;
        lock (slot.Gate)
        {
            var charge = slot.Value;
            var amount = charge.Amount - charge.AmountRefunded;
            if (charge.Status is not "succeeded" || charge.Disputed) return null;
            if (amount == 0) amount = charge.Amount;

            var id = Ids.New("dp");
            var dispute = new Dispute
            {
                Id = id,
                Amount = amount,
                BalanceTransactions = isInquiry ? [] : [Take(account, id, amount, charge.Currency)],
                Charge = charge.Id,
                Created = account.Now,
                Currency = charge.Currency,
                EvidenceDetails = new EvidenceDetails { DueBy = account.Now + Week },
                Metadata = Parameters.None,
                PaymentIntent = charge.PaymentIntent as string,
                PaymentMethodDetails = new DisputedMethod(new DisputedCard(charge.PaymentMethodDetails.Card.Brand)),
                Reason = reason,
                Status = isInquiry ? "warning_needs_response" : "needs_response",
                IsChargeRefundable = isInquiry,
            };
            account.Disputes.Add(dispute);
            slot.Value = charge with { Disputed = !isInquiry };
            if (!isInquiry) account.Ledger.Add("dispute", id, charge.Id, dispute.PaymentIntent, amount, charge.Currency, dispute.Created, charge.Metadata);
            account.Announce("charge.dispute.created", dispute, request);
            if (!isInquiry) account.Announce("charge.dispute.funds_withdrawn", dispute, request);
            return dispute;
        }
    }

    /// <summary>The seller's evidence went to the bank.</summary>
    private static Answer Submit(Account account, StripeRequest request)
    {
        if (account.Disputes.FindSlot(request.Id) is not { } slot) return StripeError.Missing("dispute", request.Id);
        var isSubmitted = request.Parameters.Flag("submit") ?? true;
        lock (slot.Gate)
        {
            var metadata = request.Parameters.Metadata(slot.Value.Metadata);
            if (request.Parameters.Problem is { } problem) return problem;
            slot.Value = slot.Value with
            {
                Metadata = metadata,
                Status = !isSubmitted ? slot.Value.Status : slot.Value.Status switch
                {
                    "needs_response" => "under_review",
                    "warning_needs_response" => "warning_under_review",
                    var other => other,
                },
                EvidenceDetails = slot.Value.EvidenceDetails with
                {
                    HasEvidence = true,
                    SubmissionCount = slot.Value.EvidenceDetails.SubmissionCount + (isSubmitted ? 1 : 0),
                },
            };
            account.Announce("charge.dispute.updated", slot.Value, request);
            return Answer.Ok(slot.Value);
        }
    }

    private static BalanceTransactions.BalanceTransaction Take(Account account, string disputeId, long amount, string currency) => account.BalanceTransactions.Find(
        BalanceTransactions.BalanceTransactionEndpoints.Book(account, disputeId, "adjustment", -amount, currency, Fee))!;

    public static Dispute? Close(Account account, string disputeId, bool isWon, StripeRequest request)
    {
        if (account.Disputes.FindSlot(disputeId) is not { } slot) return null;
        lock (slot.Gate)
        {
            var dispute = slot.Value;
            if (dispute.Status is "won" or "lost" or "warning_closed") return dispute;
            if (dispute.Status.StartsWith("warning", StringComparison.Ordinal))
            {
                dispute = slot.Value = dispute with { Status = "warning_closed" };
            }
            else if (!isWon)
            {
                dispute = slot.Value = dispute with { Status = "lost" };
            }
            else
            {
                var back = account.BalanceTransactions.Find(BalanceTransactions.BalanceTransactionEndpoints.Book(
                    account, dispute.Id, "adjustment", dispute.Amount, dispute.Currency, -Fee))!;
                dispute = slot.Value = dispute with { Status = "won", BalanceTransactions = [.. dispute.BalanceTransactions, back] };
                account.Ledger.Add(
                    "dispute_won", dispute.Id, dispute.Charge, dispute.PaymentIntent, dispute.Amount, dispute.Currency, account.Now, dispute.Metadata);
                account.Announce("charge.dispute.funds_reinstated", dispute, request);
            }

            account.Announce("charge.dispute.closed", dispute, request);
            return dispute;
        }
    }
}
