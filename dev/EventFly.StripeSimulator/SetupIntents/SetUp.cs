using EventFly.StripeSimulator.Cards;
using EventFly.StripeSimulator.PaymentIntents;
using EventFly.StripeSimulator.PaymentMethods;
using EventFly.StripeSimulator.Storage;
using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator.SetupIntents;

/// <summary>One try to set a card up. The caller holds the intent's gate.</summary>
internal static class SetUp
{
    public static StripeError? Confirm(
        Account account, Shelf<SetupIntent>.Slot slot, PaymentMethod method, string? returnUrl, StripeRequest request)
    {
        slot.Value = slot.Value with { PaymentMethod = method.Id, ReturnUrl = returnUrl, LastSetupError = null, NextAction = null };
        if (account.Switches.Current.DeclineEverything) return Refuse(account, slot, ErrorOf(TestCard.Generic, method), request);
        if (method.TestCard.Authentication is Authentication.None) return Settle(account, slot, method, isAuthenticated: false, request);

        var key = Ids.Random(24);
        slot.Value = slot.Value with
        {
            Status = "requires_action",
            AuthenticationKey = key,
            NextAction = NextAction.Authenticate(slot.Value.Id, key, returnUrl, request),
        };
        account.Announce("setup_intent.requires_action", slot.Value, request);
        return null;
    }

    /// <summary>After the buyer authenticated, or where nobody asks for it.</summary>
    public static StripeError? Settle(
        Account account, Shelf<SetupIntent>.Slot slot, PaymentMethod method, bool isAuthenticated, StripeRequest request)
    {
        if (method.TestCard is { Decline: { } decline, DeclinesChargesOnly: false }) return Refuse(account, slot, ErrorOf(decline, method), request);

        if (account.PaymentMethods.FindSlot(method.Id) is { } card)
        {
            lock (card.Gate)
            {
                card.Value = card.Value with
                {
                    Customer = slot.Value.Customer ?? card.Value.Customer, IsAuthenticated = card.Value.IsAuthenticated || isAuthenticated,
                };
                if (slot.Value.Customer is not null) account.Announce("payment_method.attached", card.Value, request);
            }
        }

        slot.Value = slot.Value with { Status = "succeeded", NextAction = null, AuthenticationKey = null };
        account.Announce("setup_intent.succeeded", slot.Value, request);
        return null;
    }

    public static StripeError FailAuthentication(Account account, Shelf<SetupIntent>.Slot slot, PaymentMethod method, StripeRequest request) =>
        Refuse(account, slot, StripeError.Invalid(
            "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
            code: "setup_intent_authentication_failure") with { PaymentMethod = method }, request);

    private static StripeError ErrorOf(Decline decline, PaymentMethod method) =>
        StripeError.Card(decline.Code, decline.Message, decline.DeclineCode) with { PaymentMethod = method };

    private static StripeError Refuse(Account account, Shelf<SetupIntent>.Slot slot, StripeError error, StripeRequest request)
    {
        slot.Value = slot.Value with
        {
            Status = "requires_payment_method", PaymentMethod = null, LastSetupError = error, NextAction = null, AuthenticationKey = null,
        };
        account.Announce("setup_intent.setup_failed", slot.Value, request);
        return error with { SetupIntent = slot.Value };
    }
}
