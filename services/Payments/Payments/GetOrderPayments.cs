using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Payments.PayableOrders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Payments.Payments;

internal static class GetOrderPayments
{
    /// <param name="Payments">All attempts, the first one first.</param>
    public sealed record Response(Guid OrderId, long Amount, string Currency, IReadOnlyList<PaymentResponse> Payments);

    public static void Map(RouteGroupBuilder payments) =>
        payments.MapGet("/orders/{orderId:guid}/payments", Handle).RequireSignIn().WithName("GetOrderPayments");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid orderId, CurrentUser user, Documents<PayableOrder> orders, PaymentDecisions payments, CancellationToken cancellationToken)
    {
        var order = (await orders.Get(PayableOrder.IdOf(orderId), cancellationToken))?.Body;
        if (order?.Terms is not { } terms || !GetPayment.MaySee(user, terms.BuyerId, terms.OrganizationId))
        {
            return Refusal.NotFound("order-not-found", "There is no such order.").ToProblem();
        }

        var attempts = await Task.WhenAll(order.Attempts.Select(paymentId => payments.Read(paymentId, cancellationToken)));
        return TypedResults.Ok(new Response(
            orderId, terms.Amount, terms.Currency,
            [.. attempts.Where(payment => payment.Start?.OrderId == orderId).Select(PaymentResponse.Of)]));
    }
}
