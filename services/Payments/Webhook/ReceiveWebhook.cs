using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using EventFly.Payments.Processor;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Payments.Webhook;

/// <summary>Where Stripe tells us things. The signature over the raw body is the access check; 2xx is said after the effect is stored.</summary>
internal static class ReceiveWebhook
{
    public static void Map(RouteGroupBuilder payments) =>
        payments.MapPost("/stripe/webhook", Handle).AllowAnonymous().WithName("ReceiveWebhook");

    private static async Task<Results<Ok, ProblemHttpResult>> Handle(
        HttpRequest request, IPaymentProcessor processor, TakeProcessorEvent events, CancellationToken cancellationToken)
    {
        // The server counts the bytes and stops at the limit that all requests have.
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        switch (processor.ReadWebhook(body.GetBuffer().AsSpan(0, (int)body.Length), request.Headers["Stripe-Signature"]))
        {
            case WebhookResult.Accepted accepted:
                return await Take(accepted.Event, events, cancellationToken) is { } notNow ? notNow.ToProblem() : TypedResults.Ok();
            case WebhookResult.Refused refused:
                PaymentMetrics.WebhookTaken("refused");
                return Refusal.Invalid(refused.Code, refused.Message).ToProblem();
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static async Task<Refusal?> Take(ProcessorEvent happened, TakeProcessorEvent events, CancellationToken cancellationToken)
    {
        try
        {
            return await events.Take(happened, cancellationToken);
        }
        catch (PaymentProcessorUnavailableException unavailable)
        {
            return Refusal.Unavailable("processor-unavailable", "Not now.", unavailable.RetryAfter ?? TimeSpan.FromSeconds(5));
        }
    }
}
