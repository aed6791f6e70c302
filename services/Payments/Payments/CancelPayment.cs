using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Payments.Payments;

/// <summary>The buyer left the bank's page and wants to pay another way. What was paid in between stays paid: the answer says so.</summary>
internal static class CancelPayment
{
    public static void Map(RouteGroupBuilder payments) =>
        payments.MapPost("/payments/{paymentId:guid}/cancellation", Handle).RequireParticipant().WithName("CancelPayment");

    private static async Task<Results<Ok<PaymentResponse>, ProblemHttpResult>> Handle(
        Guid paymentId, CurrentUser user, PaymentDecisions payments, TakePayment taking, CancellationToken cancellationToken)
    {
        var payment = await payments.Read(paymentId, cancellationToken);
        if (payment.Start is not { } start || start.BuyerId != user.Id)
        {
            return Refusal.NotFound("payment-not-found", "There is no such payment.").ToProblem();
        }

        if (payment.HasOutcome) return TypedResults.Ok(PaymentResponse.Of(payment));
        var (settled, refusal) = await taking.CallOff(start.OrderId, paymentId, cancellationToken);
        return refusal is null ? TypedResults.Ok(PaymentResponse.Of(settled)) : refusal.ToProblem();
    }
}
