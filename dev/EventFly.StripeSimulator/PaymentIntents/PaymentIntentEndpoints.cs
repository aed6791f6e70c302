using EventFly.StripeSimulator.Cards;
using EventFly.StripeSimulator.Storage;
using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator.PaymentIntents;

internal static class PaymentIntentEndpoints
{
    private static readonly string[] ConfirmAccepts =
        ["payment_method", "payment_method_data", "payment_method_types", "payment_method_options", "return_url", "off_session",
            "error_on_requires_action", "use_stripe_sdk", "receipt_email", "setup_future_usage", "mandate_data", "client_secret"];

    private static readonly string[] CreateAccepts =
        [.. ConfirmAccepts, "amount", "currency", "confirm", "metadata", "customer", "description", "automatic_payment_methods",
            "capture_method", "confirmation_method", "shipping", "statement_descriptor", "statement_descriptor_suffix", "transfer_group"];

    public static void Map(StripeRoutes routes, Account account)
    {
        routes.Post("/v1/payment_intents", request => Create(account, request), CreateAccepts);
        routes.GetFromBrowsers("/v1/payment_intents/{id}", request => Retrieve(account, request), "client_secret");
        routes.Post("/v1/payment_intents/{id}", request => Update(account, request), CreateAccepts);
        routes.PostFromBrowsers("/v1/payment_intents/{id}/confirm", request => Confirm(account, request), ConfirmAccepts);
        routes.Post("/v1/payment_intents/{id}/cancel", request => Cancel(account, request), "cancellation_reason");
        routes.Get("/v1/payment_intents", request => Expansion.List(request, account, () => Listing.Page(
            request, "/v1/payment_intents", account.PaymentIntents,
            intent => request.Parameters.Text("customer") is not { } customer || intent.Customer as string == customer,
            intent => intent)),
            [.. Listing.Accepts, "customer"]);
    }

    private static Answer Create(Account account, StripeRequest request)
    {
        var parameters = request.Parameters;
        var (amount, currency) = Currencies.Read(parameters);
        var mustConfirm = parameters.Flag("confirm") ?? false;
        var offSession = parameters.Flag("off_session") ?? false;
        var automatic = parameters.Flag("automatic_payment_methods[enabled]") ?? false;
        var returnUrl = ReturnUrl(parameters);
        parameters.OneOf("capture_method", "automatic", "automatic_async");
        parameters.OneOf("confirmation_method", "automatic");
        foreach (var type in parameters.Items("payment_method_types"))
        {
            if (type is not ("card" or "link"))
            {
                parameters.Fail(StripeError.Invalid($"The payment method type \"{type}\" is invalid here: cards only.", "payment_method_types"));
            }
        }

        if (automatic && parameters.Has("payment_method_types"))
        {
            parameters.Fail(StripeError.Invalid("You may only specify one of these parameters: automatic_payment_methods, payment_method_types."));
        }

        if (!mustConfirm && returnUrl is not null)
        {
            parameters.Fail(StripeError.Invalid("`return_url` can only be provided when `confirm` is true.", "return_url"));
        }

        if (mustConfirm && automatic && returnUrl is null && parameters.Text("automatic_payment_methods[allow_redirects]") is not "never")
        {
            parameters.Fail(StripeError.Invalid(
                "This PaymentIntent accepts payment methods that redirect your customer. To confirm it, pass a `return_url`.", "return_url"));
        }

        var metadata = parameters.Metadata();
        var customer = parameters.Text("customer");
        if (customer is not null && account.Customers.Find(customer) is null)
        {
            parameters.Fail(StripeError.Missing("customer", customer, "customer"));
        }

        if (parameters.Problem is { } problem) return problem;
        var method = PaymentMethods.PaymentMethodEndpoints.Resolve(account, request);
        if (parameters.Problem is { } cardProblem) return cardProblem;
        if (mustConfirm && method is null) return NoMethod;
        if (method is not null && IsAnothers(method, customer) is { } anothers) return anothers;

        var id = Ids.New("pi");
        var intent = new PaymentIntent
        {
            Id = id,
            Amount = amount,
            AutomaticPaymentMethods = automatic ? new AutomaticPaymentMethods(true) : null,
            ClientSecret = $"{id}_secret_{Ids.Random(25)}",
            Created = account.Now,
            Currency = currency,
            Customer = customer,
            Description = parameters.Text("description"),
            Metadata = metadata,
            PaymentMethod = method?.Id,
            ReceiptEmail = parameters.Text("receipt_email"),
            SetupFutureUsage = parameters.Text("setup_future_usage"),
            StatementDescriptorSuffix = parameters.Text("statement_descriptor_suffix"),
            TransferGroup = parameters.Text("transfer_group"),
            Status = method is null ? "requires_payment_method" : "requires_confirmation",
        };

        var slot = account.PaymentIntents.Add(intent);
        lock (slot.Gate)
        {
            account.Announce("payment_intent.created", intent, request);
            if (mustConfirm && Attempt.Confirm(account, slot, method!, returnUrl, offSession, request) is { } refused) return refused;
            return Expansion.Answer(request, slot.Value, account);
        }
    }

    private static Answer Retrieve(Account account, StripeRequest request) =>
        account.PaymentIntents.Find(request.Id) is not { } intent || IsStranger(request, intent)
            ? StripeError.Missing("payment_intent", request.Id)
            : Expansion.Answer(request, intent, account);

    private static Answer Update(Account account, StripeRequest request)
    {
        if (account.PaymentIntents.FindSlot(request.Id) is not { } slot) return StripeError.Missing("payment_intent", request.Id);
        lock (slot.Gate)
        {
            var parameters = request.Parameters;
            var intent = slot.Value;
            if (intent.Status is "succeeded" or "canceled" or "processing" && (parameters.Has("amount") || parameters.Has("currency")))
            {
                return Unexpected(intent, "This PaymentIntent's amount could not be updated");
            }

            var amount = parameters.Integer("amount", 1, 99_999_999) ?? intent.Amount;
            var metadata = parameters.Metadata(intent.Metadata);
            if (parameters.Problem is { } problem) return problem;
            slot.Value = intent with
            {
                Amount = amount,
                Metadata = metadata,
                Description = parameters.Text("description") ?? intent.Description,
                ReceiptEmail = parameters.Text("receipt_email") ?? intent.ReceiptEmail,
            };
            return Expansion.Answer(request, slot.Value, account);
        }
    }

    private static Answer Confirm(Account account, StripeRequest request)
    {
        if (account.PaymentIntents.FindSlot(request.Id) is not { } slot || IsStranger(request, slot.Value))
        {
            return StripeError.Missing("payment_intent", request.Id);
        }

        lock (slot.Gate)
        {
            var intent = slot.Value;
            if (intent.Status is not ("requires_payment_method" or "requires_confirmation" or "requires_action"))
            {
                return Unexpected(intent, "This PaymentIntent could not be confirmed");
            }

            var returnUrl = ReturnUrl(request.Parameters);
            var offSession = request.Parameters.Flag("off_session") ?? false;
            if (request.Parameters.Problem is { } problem) return problem;
            var method = PaymentMethods.PaymentMethodEndpoints.Resolve(account, request, intent.PaymentMethod as string);
            if (request.Parameters.Problem is { } cardProblem) return cardProblem;
            if (method is null) return NoMethod with { PaymentIntent = intent };
            if (IsAnothers(method, intent.Customer as string) is { } anothers) return anothers;

            return Attempt.Confirm(account, slot, method, returnUrl ?? intent.ReturnUrl, offSession, request) is { } refused
                ? refused
                : Expansion.Answer(request, slot.Value, account);
        }
    }

    private static Answer Cancel(Account account, StripeRequest request)
    {
        if (account.PaymentIntents.FindSlot(request.Id) is not { } slot) return StripeError.Missing("payment_intent", request.Id);
        lock (slot.Gate)
        {
            var reason = request.Parameters.OneOf("cancellation_reason", "duplicate", "fraudulent", "requested_by_customer", "abandoned");
            if (request.Parameters.Problem is { } problem) return problem;
            if (slot.Value.Status is "succeeded" or "canceled" or "processing")
            {
                return Unexpected(slot.Value, "You cannot cancel this PaymentIntent");
            }

            slot.Value = slot.Value with
            {
                Status = "canceled",
                CanceledAt = account.Now,
                CancellationReason = reason,
                NextAction = null,
                AuthenticationKey = null,
            };
            account.Announce("payment_intent.canceled", slot.Value, request);
            return Expansion.Answer(request, slot.Value, account);
        }
    }

    /// <summary>A card that belongs to a customer is charged for that customer only.</summary>
    private static StripeError? IsAnothers(PaymentMethods.PaymentMethod method, string? customer) => method.Customer is { } owner && owner != customer
        ? StripeError.Invalid(customer is null
            ? "The payment method you provided is attached to a customer so for security purposes you must provide the customer in the request."
            : $"The customer does not have a payment method with the ID {method.Id}. The payment method must be attached to the customer.",
            "payment_method")
        : null;

    private static bool IsStranger(StripeRequest request, PaymentIntent intent) =>
        request.IsPublishable && request.Parameters.Text("client_secret") != intent.ClientSecret;

    private static string? ReturnUrl(Parameters parameters)
    {
        if (parameters.Text("return_url") is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is not ("javascript" or "data" or "file")) return text;
        parameters.Fail(StripeError.Invalid("Not a valid URL", "return_url", "url_invalid"));
        return null;
    }

    private static StripeError NoMethod => StripeError.Invalid(
        "You cannot confirm this PaymentIntent because it's missing a payment method. "
        + "To confirm the PaymentIntent, specify a payment method attached to it or pass one.",
        code: "payment_intent_unexpected_state");

    private static StripeError Unexpected(PaymentIntent intent, string what) =>
        StripeError.Invalid($"{what} because it has a status of {intent.Status}.", code: "payment_intent_unexpected_state") with
        {
            PaymentIntent = intent,
        };
}
