using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using EventFly.StripeSimulator.SetupIntents;
using EventFly.StripeSimulator.Storage;
using EventFly.StripeSimulator.Wire;
using Microsoft.AspNetCore.WebUtilities;

namespace EventFly.StripeSimulator.PaymentIntents;

/// <summary>What a bank's 3-D Secure page is: the buyer says yes or no and goes back to the shop. Programs may POST straight away.</summary>
internal static class ThreeDSecurePage
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/_simulator/three-d-secure/{id}", Show);
        routes.MapPost("/_simulator/three-d-secure/{id}/{verdict:regex(^(complete|fail)$)}", Decide);
    }

    private static IResult Show(string id, string? key, Account account)
    {
        var what = Find(account, id, key) is { Value: var intent }
            ? $"the payment of <strong>{intent.Amount.ToString(CultureInfo.InvariantCulture)} {WebUtility.HtmlEncode(intent.Currency.ToUpperInvariant())}</strong> (in the smallest unit)"
            : FindSetup(account, id, key) is not null ? "later payments with this card" : null;
        if (what is null) return Gone();
        var action = $"/_simulator/three-d-secure/{Uri.EscapeDataString(id)}";
        var query = $"?key={Uri.EscapeDataString(key!)}";
        return Results.Content(
            $"""
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Authenticate a test payment</title>
            <style>body{"{"}font:16px/1.5 system-ui,sans-serif;max-width:28rem;margin:15vh auto;padding:0 1rem{"}"}
            button{"{"}font:inherit;padding:.7rem 1.4rem;margin-right:1rem;cursor:pointer{"}"}</style>
            <h1>3-D Secure test page</h1>
            <p>No real bank is asked. Does the buyer authenticate {what}?</p>
            <form method="post"><button formaction="{action}/complete{query}">Complete</button>
            <button formaction="{action}/fail{query}">Fail</button></form>
            """,
            "text/html; charset=utf-8");
    }

    private static IResult Decide(string id, string verdict, string? key, Account account, HttpRequest http)
    {
        if (FindSetup(account, id, key) is { } setup) return DecideSetup(setup, verdict, key, account, http);
        if (Find(account, id, key) is not { } slot) return Gone();
        lock (slot.Gate)
        {
            if (!IsWaiting(slot.Value, key)) return Gone();
            var returnUrl = slot.Value.ReturnUrl;
            var request = StripeRequest.None(new Uri($"{http.Scheme}://{http.Host}/"));
            if (slot.Value.PaymentMethod is not string methodId || account.PaymentMethods.Find(methodId) is not { } method) return Gone();

            var refused = verdict is "complete"
                ? Attempt.Charge(account, slot, method, isAuthenticated: true, request)
                : Attempt.FailAuthentication(account, slot, method, request);

            return Back(returnUrl, slot.Value.Status, http, new()
            {
                ["payment_intent"] = id,
                ["payment_intent_client_secret"] = slot.Value.ClientSecret,
                ["redirect_status"] = refused is null ? "succeeded" : "failed",
            });
        }
    }

    private static IResult DecideSetup(Shelf<SetupIntent>.Slot slot, string verdict, string? key, Account account, HttpRequest http)
    {
        lock (slot.Gate)
        {
            if (!IsWaiting(slot.Value, key)) return Gone();
            var returnUrl = slot.Value.ReturnUrl;
            var request = StripeRequest.None(new Uri($"{http.Scheme}://{http.Host}/"));
            if (slot.Value.PaymentMethod is not string methodId || account.PaymentMethods.Find(methodId) is not { } method) return Gone();

            var refused = verdict is "complete"
                ? SetUp.Settle(account, slot, method, isAuthenticated: true, request)
                : SetUp.FailAuthentication(account, slot, method, request);
            return Back(returnUrl, slot.Value.Status, http, new()
            {
                ["setup_intent"] = slot.Value.Id,
                ["setup_intent_client_secret"] = slot.Value.ClientSecret,
                ["redirect_status"] = refused is null ? "succeeded" : "failed",
            });
        }
    }

    private static IResult Back(string? returnUrl, string status, HttpRequest http, Dictionary<string, string?> query)
    {
        if (returnUrl is null) return Results.Ok(new { Status = status });
        http.HttpContext.Response.Headers.Location = QueryHelpers.AddQueryString(returnUrl, query);
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    private static Shelf<SetupIntent>.Slot? FindSetup(Account account, string id, string? key) =>
        account.SetupIntents.FindSlot(id) is { } slot && IsWaiting(slot.Value, key) ? slot : null;

    private static bool IsWaiting(SetupIntent intent, string? key) =>
        intent is { Status: "requires_action", AuthenticationKey: { } expected } && IsRight(key, expected);

    private static Shelf<PaymentIntent>.Slot? Find(Account account, string id, string? key) =>
        account.PaymentIntents.FindSlot(id) is { } slot && IsWaiting(slot.Value, key) ? slot : null;

    private static bool IsWaiting(PaymentIntent intent, string? key) =>
        intent is { Status: "requires_action", AuthenticationKey: { } expected } && IsRight(key, expected);

    private static bool IsRight(string? key, string expected) =>
        key is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(key));

    private static IResult Gone() => Results.Text("This payment does not wait for authentication (any more).", statusCode: StatusCodes.Status410Gone);
}
