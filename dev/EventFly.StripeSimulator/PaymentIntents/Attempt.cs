using EventFly.StripeSimulator.Cards;
using EventFly.StripeSimulator.Charges;
using EventFly.StripeSimulator.PaymentMethods;
using EventFly.StripeSimulator.Storage;
using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator.PaymentIntents;

/// <summary>One try to take the money. The caller holds the intent's gate.</summary>
internal static class Attempt
{
    public static StripeError? Confirm(
        Account account, Shelf<PaymentIntent>.Slot slot, PaymentMethod method, string? returnUrl, bool isOffSession, StripeRequest request)
    {
        slot.Value = slot.Value with { PaymentMethod = method.Id, ReturnUrl = returnUrl, LastPaymentError = null, NextAction = null };

        var mustAuthenticate = method.TestCard.Authentication is Authentication.Always
            || (method.TestCard.Authentication is Authentication.Once && !method.IsAuthenticated);
        if (!mustAuthenticate) return Charge(account, slot, method, isAuthenticated: false, request);
        if (isOffSession)
        {
            return Fail(account, slot, method, new Decline(
                "authentication_required", "Your card was declined. This transaction requires authentication.", "authentication_required"), request);
        }

        var key = Ids.Random(24);
        slot.Value = slot.Value with
        {
            Status = "requires_action",
            AuthenticationKey = key,
            NextAction = NextAction.Authenticate(slot.Value.Id, key, returnUrl, request),
        };
        account.Announce("payment_intent.requires_action", slot.Value, request);
        return null;
    }

    public static StripeError? Charge(
        Account account, Shelf<PaymentIntent>.Slot slot, PaymentMethod method, bool isAuthenticated, StripeRequest request)
    {
        if (account.Switches.Current.DeclineEverything) return Fail(account, slot, method, TestCard.Generic, request);
        if (method.TestCard.Decline is { } decline) return Fail(account, slot, method, decline, request);

        if (account.Switches.Current.SettleAfterMs is > 0 and var settleAfter)
        {
            slot.Value = slot.Value with { Status = "processing", NextAction = null, AuthenticationKey = null };
            account.Announce("payment_intent.processing", slot.Value, request);
            var isPlanned = account.Later.Run(TimeSpan.FromMilliseconds(settleAfter), () =>
            {
                lock (slot.Gate)
                {
                    if (slot.Value.Status is "processing") Succeed(account, slot, method, isAuthenticated, request);
                }
            });
            if (isPlanned) return null;
        }

        Succeed(account, slot, method, isAuthenticated, request);
        return null;
    }

    public static StripeError FailAuthentication(Account account, Shelf<PaymentIntent>.Slot slot, PaymentMethod method, StripeRequest request)
    {
        var error = StripeError.Card(
            "payment_intent_authentication_failure",
            "We are unable to authenticate your payment method. Please choose a different payment method and try again.") with
        {
            Type = "invalid_request_error",
            PaymentMethod = method,
        };
        return Refuse(account, slot, error, request);
    }

    private static void Succeed(
        Account account, Shelf<PaymentIntent>.Slot slot, PaymentMethod method, bool isAuthenticated, StripeRequest request)
    {
        var intent = slot.Value;
        var id = Ids.New("ch");
        var charge = NewCharge(account, intent, method, id, isAuthenticated) with
        {
            AmountCaptured = intent.Amount,
            BalanceTransaction = BalanceTransactions.BalanceTransactionEndpoints.Book(account, id, "charge", intent.Amount, intent.Currency),
            Captured = true,
            Paid = true,
            Outcome = Outcome.Authorized,
            Status = "succeeded",
        };
        account.Charges.Add(charge);
        account.Ledger.Add("charge", id, id, intent.Id, charge.Amount, charge.Currency, charge.Created, charge.Metadata);
        slot.Value = intent with
        {
            Status = "succeeded",
            AmountReceived = intent.Amount,
            LatestCharge = id,
            NextAction = null,
            AuthenticationKey = null,
        };
        account.Announce("charge.succeeded", charge, request);
        account.Announce("payment_intent.succeeded", slot.Value, request);
        if (method.TestCard.Disputes is not DisputeCourse.None and var course)
        {
            Disputes.DisputeEndpoints.Open(
                account, id, course is DisputeCourse.NotReceived ? "product_not_received" : "fraudulent", request, course is DisputeCourse.Inquiry);
        }
    }

    private static StripeError Fail(
        Account account, Shelf<PaymentIntent>.Slot slot, PaymentMethod method, Decline decline, StripeRequest request)
    {
        var charge = NewCharge(account, slot.Value, method, Ids.New("ch"), isAuthenticated: false) with
        {
            FailureCode = decline.Code,
            FailureMessage = decline.Message,
            Outcome = Outcome.Declined(decline),
        };
        account.Charges.Add(charge);
        account.Announce("charge.failed", charge, request);
        slot.Value = slot.Value with { LatestCharge = charge.Id };
        var error = StripeError.Card(decline.Code, decline.Message, decline.DeclineCode) with { Charge = charge.Id, PaymentMethod = method };
        return Refuse(account, slot, error, request);
    }

    private static StripeError Refuse(Account account, Shelf<PaymentIntent>.Slot slot, StripeError error, StripeRequest request)
    {
        slot.Value = slot.Value with
        {
            Status = "requires_payment_method",
            PaymentMethod = null,
            LastPaymentError = error,
            NextAction = null,
            AuthenticationKey = null,
        };
        account.Announce("payment_intent.payment_failed", slot.Value, request);
        return error with { PaymentIntent = slot.Value };
    }

    private static Charge NewCharge(Account account, PaymentIntent intent, PaymentMethod method, string id, bool isAuthenticated) => new()
    {
        Id = id,
        Amount = intent.Amount,
        AmountCaptured = 0,
        BillingDetails = method.BillingDetails,
        Captured = false,
        Created = account.Now,
        Currency = intent.Currency,
        Customer = intent.Customer,
        Description = intent.Description,
        Metadata = intent.Metadata,
        Outcome = Outcome.Authorized,
        Paid = false,
        PaymentIntent = intent.Id,
        PaymentMethod = method.Id,
        PaymentMethodDetails = new PaymentMethodDetails(new ChargedCard
        {
            AmountAuthorized = intent.Amount,
            Brand = method.Card.Brand,
            Country = method.Card.Country,
            ExpMonth = method.Card.ExpMonth,
            ExpYear = method.Card.ExpYear,
            Fingerprint = method.Card.Fingerprint,
            Funding = method.Card.Funding,
            Last4 = method.Card.Last4,
            Network = method.Card.Brand,
            ThreeDSecure = isAuthenticated ? ThreeDSecureResult.Authenticated : null,
        }),
        ReceiptEmail = intent.ReceiptEmail,
        RefundCourse = method.TestCard.Refunds,
        Status = "failed",
        TransferGroup = intent.TransferGroup,
    };
}
