using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Payments.Payments;

internal static class GetPayment
{
    public static void Map(RouteGroupBuilder payments) =>
        payments.MapGet("/payments/{paymentId:guid}", Handle).RequireSignIn().WithName("GetPayment");

    private static async Task<Results<Ok<PaymentResponse>, ProblemHttpResult>> Handle(
        Guid paymentId, CurrentUser user, PaymentDecisions payments, CancellationToken cancellationToken)
    {
        var payment = await payments.Read(paymentId, cancellationToken);
        return payment.Start is { } start && MaySee(user, start.BuyerId, start.OrganizationId)
            ? TypedResults.Ok(PaymentResponse.Of(payment))
            : Refusal.NotFound("payment-not-found", "There is no such payment.").ToProblem();
    }

    /// <summary>The buyer, and those who may read the orders of the organisation that sells.</summary>
    public static bool MaySee(CurrentUser user, Guid buyerId, Guid organizationId) =>
        user.Id == buyerId || (user.May("order.read") && user.ActsFor(organizationId));
}
