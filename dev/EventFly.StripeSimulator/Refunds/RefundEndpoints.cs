using EventFly.StripeSimulator.Cards;
using EventFly.StripeSimulator.Charges;
using EventFly.StripeSimulator.Storage;
using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator.Refunds;

internal sealed record CardDestination
{
    public string Type { get; } = "refund";
}

internal sealed record DestinationDetails(CardDestination Card)
{
    public string Type { get; } = "card";

    public static readonly DestinationDetails ToCard = new(new CardDestination());
}

internal sealed record Refund : IStripeObject
{
    public required string Id { get; init; }

    public string Object { get; } = "refund";

    public required long Amount { get; init; }

    public object? BalanceTransaction { get; init; }

    public required object? Charge { get; init; }

    public required long Created { get; init; }

    public required string Currency { get; init; }

    public DestinationDetails DestinationDetails { get; init; } = DestinationDetails.ToCard;

    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public string? FailureReason { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required object? PaymentIntent { get; init; }

    public string? Reason { get; init; }

    public string? ReceiptNumber { get; init; }

    public string? SourceTransferReversal { get; init; }

    public required string Status { get; init; }

    public string? TransferReversal { get; init; }
}

internal static class RefundEndpoints
{
    private static readonly TimeSpan LateVerdict = TimeSpan.FromMilliseconds(300);

    public static void Map(StripeRoutes routes, Account account)
    {
        routes.Post("/v1/refunds", request => Create(account, request), "payment_intent", "charge", "amount", "reason", "metadata", "instructions_email");
        routes.Get("/v1/refunds/{id}", request =>
            account.Refunds.Find(request.Id) is { } refund ? Expansion.Answer(request, refund, account) : StripeError.Missing("refund", request.Id));
        routes.Get("/v1/refunds", request => Expansion.List(request, account, () => Listing.Page(
            request, "/v1/refunds", account.Refunds,
            refund => (request.Parameters.Text("payment_intent") is not { } intent || refund.PaymentIntent as string == intent)
                && (request.Parameters.Text("charge") is not { } charge || refund.Charge as string == charge),
            refund => refund)),
            [.. Listing.Accepts, "payment_intent", "charge"]);
        routes.Post("/v1/refunds/{id}", request => Update(account, request), "metadata");
    }

    private static Answer Create(Account account, StripeRequest request)
    {
        var parameters = request.Parameters;
        var reason = parameters.OneOf("reason", "duplicate", "fraudulent", "requested_by_customer");
        var asked = parameters.Integer("amount", least: 1);
        var metadata = parameters.Metadata();
        var chargeId = parameters.Text("charge");
        if (parameters.Text("payment_intent") is { } intentId)
        {
            if (account.PaymentIntents.Find(intentId) is not { } intent)
            {
                parameters.Fail(StripeError.Missing("payment_intent", intentId, "payment_intent"));
            }
            else if (intent is { Status: "succeeded", LatestCharge: string latest })
            {
                chargeId ??= latest;
            }
            else
            {
                parameters.Fail(StripeError.Invalid(
                    $"This PaymentIntent ({intentId}) does not have a successful charge to refund.", "payment_intent"));
            }
        }
        else if (chargeId is null)
        {
            parameters.Fail(StripeError.Invalid("One of the following params should be provided for this request: payment_intent or charge."));
        }

        if (parameters.Problem is { } problem) return problem;
        if (account.Charges.FindSlot(chargeId!) is not { } slot) return StripeError.Missing("charge", chargeId!, "charge");

        lock (slot.Gate)
        {
            var charge = slot.Value;
            var left = charge.Amount - charge.AmountRefunded;
            if (charge.Status is not "succeeded") return StripeError.Invalid($"Charge {charge.Id} was not successful and cannot be refunded.");
            if (charge.Disputed)
            {
                return StripeError.Invalid($"Charge {charge.Id} has been charged back; cannot issue a refund.", code: "charge_disputed");
            }

            if (left == 0) return StripeError.Invalid($"Charge {charge.Id} has already been refunded.", code: "charge_already_refunded");
            var amount = asked ?? left;
            if (amount > left)
            {
                return StripeError.Invalid($"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", "amount");
            }

            var id = Ids.New("re");
            var refund = new Refund
            {
                Id = id,
                Amount = amount,
                BalanceTransaction = BalanceTransactions.BalanceTransactionEndpoints.Book(account, id, "refund", -amount, charge.Currency),
                Charge = charge.Id,
                Created = account.Now,
                Currency = charge.Currency,
                Metadata = metadata,
                PaymentIntent = charge.PaymentIntent,
                Reason = reason,
                Status = charge.RefundCourse is RefundCourse.Pending ? "pending" : "succeeded",
            };
            var kept = account.Refunds.Add(refund);
            slot.Value = charge with { AmountRefunded = charge.AmountRefunded + amount, Refunded = amount == left };
            account.Ledger.Add("refund", id, charge.Id, charge.PaymentIntent as string, amount, charge.Currency, refund.Created, metadata);
            account.Announce("refund.created", refund, request);
            account.Announce("charge.refunded", slot.Value, request);

            if (charge.RefundCourse is RefundCourse.Pending)
            {
                account.Later.Run(LateVerdict, () => Settle(account, kept, request));
            }
            else if (charge.RefundCourse is RefundCourse.Fails)
            {
                account.Later.Run(LateVerdict, () => Fail(account, slot, kept, request));
            }

            return Expansion.Answer(request, refund, account);
        }
    }

    private static Answer Update(Account account, StripeRequest request)
    {
        if (account.Refunds.FindSlot(request.Id) is not { } slot) return StripeError.Missing("refund", request.Id);
        lock (slot.Gate)
        {
            var metadata = request.Parameters.Metadata(slot.Value.Metadata);
            if (request.Parameters.Problem is { } problem) return problem;
            slot.Value = slot.Value with { Metadata = metadata };
            account.Announce("refund.updated", slot.Value, request);
            return Expansion.Answer(request, slot.Value, account);
        }
    }

    private static void Settle(Account account, Shelf<Refund>.Slot slot, StripeRequest request)
    {
        lock (slot.Gate)
        {
            slot.Value = slot.Value with { Status = "succeeded" };
            account.Announce("refund.updated", slot.Value, request);
        }
    }

    /// <summary>The buyer's bank sends the refund back: the money is ours again and the charge counts as not refunded.</summary>
    private static void Fail(Account account, Shelf<Charge>.Slot charge, Shelf<Refund>.Slot slot, StripeRequest request)
    {
        lock (charge.Gate)
        lock (slot.Gate)
        {
            var refund = slot.Value;
            slot.Value = refund with { Status = "failed", FailureReason = "expired_or_canceled_card" };
            charge.Value = charge.Value with { AmountRefunded = charge.Value.AmountRefunded - refund.Amount, Refunded = false };
            BalanceTransactions.BalanceTransactionEndpoints.Book(account, refund.Id, "refund_failure", refund.Amount, refund.Currency);
            account.Ledger.Add(
                "refund_failure", refund.Id, charge.Value.Id, refund.PaymentIntent as string, refund.Amount, refund.Currency, account.Now,
                refund.Metadata);
            account.Announce("refund.failed", slot.Value, request);
        }
    }
}
