using System.Text.Json.Serialization;
using EventFly.StripeSimulator.PaymentIntents;
using EventFly.StripeSimulator.Storage;
using EventFly.StripeSimulator.Wire;

namespace EventFly.StripeSimulator.SetupIntents;

internal sealed record SetupIntent : IStripeObject
{
    public required string Id { get; init; }

    public string Object { get; } = "setup_intent";

    public string? Application { get; init; }

    public AutomaticPaymentMethods? AutomaticPaymentMethods { get; init; }

    public string? CancellationReason { get; init; }

    public required string ClientSecret { get; init; }

    public required long Created { get; init; }

    public string? Customer { get; init; }

    public string? Description { get; init; }

    public object? FlowDirections { get; init; }

    public StripeError? LastSetupError { get; init; }

    public string? LatestAttempt { get; init; }

    public bool Livemode { get; init; }

    public string? Mandate { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public NextAction? NextAction { get; init; }

    public string? OnBehalfOf { get; init; }

    public object? PaymentMethod { get; init; }

    public object? PaymentMethodConfigurationDetails { get; init; }

    public Empty PaymentMethodOptions { get; init; } = Empty.Object;

    public IReadOnlyList<string> PaymentMethodTypes { get; init; } = PaymentIntent.CardOnly;

    public string? SingleUseMandate { get; init; }

    public required string Status { get; init; }

    public required string Usage { get; init; }

    /// <summary>What the authentication page must know; a new one for each attempt.</summary>
    [JsonIgnore]
    public string? AuthenticationKey { get; init; }

    [JsonIgnore]
    public string? ReturnUrl { get; init; }
}

/// <summary>Sets a card up for later charges without taking money. A card that was set up belongs to its customer.</summary>
internal static class SetupIntentEndpoints
{
    private static readonly string[] ConfirmAccepts =
        ["payment_method", "payment_method_data", "return_url", "use_stripe_sdk", "mandate_data", "client_secret"];

    private static readonly string[] CreateAccepts =
        [.. ConfirmAccepts, "confirm", "payment_method_types", "customer", "usage", "metadata", "automatic_payment_methods", "description"];

    public static void Map(StripeRoutes routes, Account account)
    {
        routes.Post("/v1/setup_intents", request => Create(account, request), CreateAccepts);
        routes.GetFromBrowsers("/v1/setup_intents/{id}", request =>
            account.SetupIntents.Find(request.Id) is { } intent && !IsStranger(request, intent)
                ? Expansion.Answer(request, intent, account)
                : StripeError.Missing("setupintent", request.Id), "client_secret");
        routes.PostFromBrowsers("/v1/setup_intents/{id}/confirm", request => Confirm(account, request), ConfirmAccepts);
        routes.Post("/v1/setup_intents/{id}/cancel", request => Cancel(account, request), "cancellation_reason");
        routes.Get("/v1/setup_intents", request => Listing.Page(
            request, "/v1/setup_intents", account.SetupIntents,
            intent => request.Parameters.Text("customer") is not { } customer || intent.Customer == customer,
            intent => intent),
            [.. Listing.Accepts, "customer", "payment_method"]);
    }

    private static Answer Create(Account account, StripeRequest request)
    {
        var parameters = request.Parameters;
        var mustConfirm = parameters.Flag("confirm") ?? false;
        var usage = parameters.OneOf("usage", "on_session", "off_session") ?? "off_session";
        var metadata = parameters.Metadata();
        var customer = parameters.Text("customer");
        if (customer is not null && account.Customers.Find(customer) is null)
        {
            parameters.Fail(StripeError.Missing("customer", customer, "customer"));
        }

        if (!mustConfirm && parameters.Has("return_url"))
        {
            parameters.Fail(StripeError.Invalid("`return_url` can only be provided when `confirm` is true.", "return_url"));
        }

        if (parameters.Problem is { } problem) return problem;
        var method = PaymentMethods.PaymentMethodEndpoints.Resolve(account, request);
        if (parameters.Problem is { } cardProblem) return cardProblem;
        if (mustConfirm && method is null) return NoMethod;

        var id = Ids.New("seti");
        var slot = account.SetupIntents.Add(new SetupIntent
        {
            Id = id,
            ClientSecret = $"{id}_secret_{Ids.Random(25)}",
            Created = account.Now,
            Customer = customer,
            Description = parameters.Text("description"),
            Metadata = metadata,
            PaymentMethod = method?.Id,
            Usage = usage,
            Status = method is null ? "requires_payment_method" : "requires_confirmation",
        });
        lock (slot.Gate)
        {
            account.Announce("setup_intent.created", slot.Value, request);
            if (mustConfirm && SetUp.Confirm(account, slot, method!, parameters.Text("return_url"), request) is { } refused) return refused;
            return Expansion.Answer(request, slot.Value, account);
        }
    }

    private static Answer Confirm(Account account, StripeRequest request)
    {
        if (account.SetupIntents.FindSlot(request.Id) is not { } slot || IsStranger(request, slot.Value))
        {
            return StripeError.Missing("setupintent", request.Id);
        }

        lock (slot.Gate)
        {
            if (slot.Value.Status is not ("requires_payment_method" or "requires_confirmation" or "requires_action"))
            {
                return Unexpected(slot.Value, "You cannot confirm this SetupIntent");
            }

            var method = PaymentMethods.PaymentMethodEndpoints.Resolve(account, request, slot.Value.PaymentMethod as string);
            if (request.Parameters.Problem is { } problem) return problem;
            if (method is null) return NoMethod with { SetupIntent = slot.Value };

            return SetUp.Confirm(account, slot, method, request.Parameters.Text("return_url") ?? slot.Value.ReturnUrl, request) is { } refused
                ? refused
                : Expansion.Answer(request, slot.Value, account);
        }
    }

    private static Answer Cancel(Account account, StripeRequest request)
    {
        if (account.SetupIntents.FindSlot(request.Id) is not { } slot) return StripeError.Missing("setupintent", request.Id);
        lock (slot.Gate)
        {
            var reason = request.Parameters.OneOf("cancellation_reason", "abandoned", "requested_by_customer", "duplicate");
            if (request.Parameters.Problem is { } problem) return problem;
            if (slot.Value.Status is "succeeded" or "canceled" or "processing") return Unexpected(slot.Value, "You cannot cancel this SetupIntent");
            slot.Value = slot.Value with { Status = "canceled", CancellationReason = reason, NextAction = null, AuthenticationKey = null };
            account.Announce("setup_intent.canceled", slot.Value, request);
            return Expansion.Answer(request, slot.Value, account);
        }
    }

    private static bool IsStranger(StripeRequest request, SetupIntent intent) =>
        request.IsPublishable && request.Parameters.Text("client_secret") != intent.ClientSecret;

    private static StripeError NoMethod => StripeError.Invalid(
        "You cannot confirm this SetupIntent because it's missing a payment method.", code: "setup_intent_unexpected_state");

    private static StripeError Unexpected(SetupIntent intent, string what) =>
        StripeError.Invalid($"{what} because it has a status of {intent.Status}.", code: "setup_intent_unexpected_state") with { SetupIntent = intent };
}
