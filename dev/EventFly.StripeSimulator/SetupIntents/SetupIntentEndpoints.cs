using EventFly.StripeSimulator.Cards;
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

    public string? PaymentMethod { get; init; }

    public object? PaymentMethodConfigurationDetails { get; init; }

    public Empty PaymentMethodOptions { get; init; } = Empty.Object;

    public IReadOnlyList<string> PaymentMethodTypes { get; init; } = PaymentIntent.CardOnly;

    public string? SingleUseMandate { get; init; }

    public required string Status { get; init; }

    public required string Usage { get; init; }
}

/// <summary>Checks a card without taking money. Cards that ask for authentication end in requires_action; the page for it is not built.</summary>
internal static class SetupIntentEndpoints
{
    private static readonly string[] Accepts =
        ["confirm", "payment_method", "payment_method_data", "payment_method_types", "customer", "usage", "return_url", "metadata",
            "automatic_payment_methods", "description", "use_stripe_sdk"];

    public static void Map(StripeRoutes routes, Account account)
    {
        routes.Post("/v1/setup_intents", request => Create(account, request), Accepts);
        routes.Get("/v1/setup_intents/{id}", request =>
            account.SetupIntents.Find(request.Id) is { } intent ? Answer.Ok(intent) : StripeError.Missing("setupintent", request.Id));
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
        if (parameters.Problem is { } problem) return problem;
        var method = PaymentMethods.PaymentMethodEndpoints.Resolve(account, request);
        if (parameters.Problem is { } cardProblem) return cardProblem;
        if (mustConfirm && method is null)
        {
            return StripeError.Invalid(
                "You cannot confirm this SetupIntent because it's missing a payment method.", code: "setup_intent_unexpected_state");
        }

        var id = Ids.New("seti");
        var intent = new SetupIntent
        {
            Id = id,
            ClientSecret = $"{id}_secret_{Ids.Random(25)}",
            Created = account.Now,
            Customer = parameters.Text("customer"),
            Description = parameters.Text("description"),
            Metadata = metadata,
            PaymentMethod = method?.Id,
            Usage = usage,
            Status = method is null ? "requires_payment_method" : "requires_confirmation",
        };

        if (mustConfirm)
        {
            var card = method!.TestCard;
            var decline = account.Switches.Current.DeclineEverything ? TestCard.Generic
                : card.Authentication is Authentication.None ? card.Decline
                : null;
            if (decline is not null)
            {
                var error = StripeError.Card(decline.Code, decline.Message, decline.DeclineCode) with { PaymentMethod = method };
                intent = intent with { Status = "requires_payment_method", PaymentMethod = null, LastSetupError = error };
                account.SetupIntents.Add(intent);
                account.Announce("setup_intent.setup_failed", intent, request);
                return error with { SetupIntent = intent };
            }

            intent = card.Authentication is Authentication.None
                ? intent with { Status = "succeeded" }
                : intent with
                {
                    Status = "requires_action",
                    NextAction = new NextAction { Type = "use_stripe_sdk", UseStripeSdk = Empty.Object },
                };
        }

        account.SetupIntents.Add(intent);
        account.Announce(intent.Status is "succeeded" ? "setup_intent.succeeded" : "setup_intent.created", intent, request);
        return Answer.Ok(intent);
    }
}
