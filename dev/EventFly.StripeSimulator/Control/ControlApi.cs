using System.Text.Json.Serialization;
using EventFly.StripeSimulator.Webhooks;
using EventFly.StripeSimulator.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.StripeSimulator.Control;

internal sealed record ControlProblem(string Error);

internal sealed record WebhookState(WebhookCounts Counts, int Queued, int Waiting, IReadOnlyList<WebhookTry> Recent);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Faults))]
[JsonSerializable(typeof(FaultsChange))]
[JsonSerializable(typeof(ControlProblem))]
[JsonSerializable(typeof(LedgerPage))]
[JsonSerializable(typeof(WebhookState))]
internal sealed partial class ControlJson : JsonSerializerContext;

/// <summary>Not Stripe's: what tests, load drivers and the start page turn and read.</summary>
internal static class ControlApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup("/_simulator");
        control.MapGet("/switches", (FaultSwitches switches) => Json(switches.Current));
        control.MapMethods("/switches", ["PATCH"], ChangeSwitches);
        control.MapDelete("/switches", (FaultSwitches switches) => Json(switches.Change(_ => new Faults())));
        control.MapGet("/ledger", ReadLedger);
        control.MapGet("/webhooks", (WebhookLog log, WebhookQueue queue, Later later) => TypedResults.Json(
            new WebhookState(log.Counts, queue.Waiting, later.Waiting, log.NewestFirst()), ControlJson.Default.WebhookState));
        control.MapPost("/events/{id}/resend", Resend);
        control.MapPost("/charges/{id}/dispute", OpenDispute);
        control.MapPost("/disputes/{id}/{verdict:regex(^(won|lost)$)}", CloseDispute);
    }

    private static JsonHttpResult<Faults> Json(Faults faults) => TypedResults.Json(faults, ControlJson.Default.Faults);

    private static async Task<IResult> ChangeSwitches(HttpRequest http, FaultSwitches switches)
    {
        FaultsChange? change;
        try
        {
            change = await http.ReadFromJsonAsync(ControlJson.Default.FaultsChange, http.HttpContext.RequestAborted);
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidOperationException)
        {
            return Refuse($"Not a JSON object of switches: {exception.Message}");
        }

        if (change is null) return Refuse("Not a JSON object of switches.");
        return change.Fault() is { } fault ? Refuse(fault) : Json(switches.Change(change.ApplyTo));
    }

    private static IResult ReadLedger(Account account, long after = 0, int limit = 1_000, string? paymentIntent = null) =>
        after < 0 || limit is < 1 or > 10_000
            ? Refuse("after must not be negative; limit must be 1 to 10000")
            : TypedResults.Json(account.Ledger.Page(after, limit, paymentIntent), ControlJson.Default.LedgerPage);

    private static IResult Resend(string id, Account account, WebhookQueue queue)
    {
        if (account.Events.Find(id) is not { } happened) return TypedResults.NotFound();
        foreach (var endpoint in account.WebhookEndpoints.NewestFirst()) queue.Enqueue(new Delivery(happened, endpoint, 1));
        return TypedResults.Accepted((string?)null);
    }

    private static IResult OpenDispute(string id, Account account, HttpRequest http, string reason = "fraudulent", bool inquiry = false)
    {
        var charge = account.PaymentIntents.Find(id)?.LatestCharge as string ?? id;
        var dispute = Disputes.DisputeEndpoints.Open(account, charge, reason, StripeRequest.None(new Uri($"{http.Scheme}://{http.Host}/")), inquiry);
        return dispute is null
            ? Refuse("No such charge, or it is unpaid or disputed already.")
            : Results.Json(dispute, StripeJson.Default.Dispute);
    }

    private static IResult CloseDispute(string id, string verdict, Account account, HttpRequest http) =>
        Disputes.DisputeEndpoints.Close(account, id, verdict is "won", StripeRequest.None(new Uri($"{http.Scheme}://{http.Host}/"))) is { } dispute
            ? Results.Json(dispute, StripeJson.Default.Dispute)
            : TypedResults.NotFound();

    private static JsonHttpResult<ControlProblem> Refuse(string problem) =>
        TypedResults.Json(new ControlProblem(problem), ControlJson.Default.ControlProblem, statusCode: StatusCodes.Status400BadRequest);
}
