using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using EventFly.Payments.Processor;
using EventFly.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Payments.Webhook;

/// <summary>Where Stripe tells us things. The signature over the raw body is the access check; 2xx is said after the effect is stored.</summary>
internal static class ReceiveWebhook
{
    private const int LongestBody = (int)ServiceDefaultsExtensions.MaxRequestBody;

    public static void Map(RouteGroupBuilder payments) =>
        payments.MapPost("/stripe/webhook", Handle).AllowAnonymous().WithName("ReceiveWebhook");

    private static async Task<Results<Ok, ProblemHttpResult>> Handle(
        HttpRequest request, IPaymentProcessor processor, TakeProcessorEvent events, CancellationToken cancellationToken)
    {
        if (await Body(request, cancellationToken) is not { } body)
        {
            return TypedResults.Problem(Problems.Of(
                StatusCodes.Status413PayloadTooLarge, "too-large", $"A request may have at most {LongestBody} bytes."));
        }

        switch (processor.ReadWebhook(body, request.Headers["Stripe-Signature"]))
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

    /// <returns>Null: too long.</returns>
    private static async Task<byte[]?> Body(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > LongestBody) return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
