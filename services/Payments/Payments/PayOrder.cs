using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Http;
using EventFly.Payments.Fees;
using EventFly.Payments.PayableOrders;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace EventFly.Payments.Payments;

internal static class PayOrder
{
    private const int LongestUrl = 2_000;

    /// <param name="PaymentMethodId">From the payment provider's own form.</param>
    /// <param name="ReturnUrl">Where the buyer comes back to when the bank wants to see them.</param>
    public sealed record Request(
        Guid OrderId,
        [StringLength(200, MinimumLength = 1), RegularExpression("^[A-Za-z0-9_]+$")] string PaymentMethodId,
        [StringLength(LongestUrl)] string? ReturnUrl = null);

    // PUT, because the buyer's app picks the payment id: sending it again charges nothing again. A new try has a new id.
    public static void Map(RouteGroupBuilder payments) =>
        payments.MapPut("/payments/{paymentId:guid}", Handle).RequireParticipant().WithName("PayOrder");

    private static async Task<Results<Ok<PaymentResponse>, ProblemHttpResult>> Handle(
        Guid paymentId, Request request, CurrentUser user, HttpRequest http, OrderArrivals arrivals, OrderInquiry inquiry, PaymentDecisions payments, TakePayment taking,
        IOptions<PaymentsOptions> options, IOptions<FeeOptions> fees, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (ReadUrl(request.ReturnUrl, options.Value.ReturnUrl) is not { } returnUrl)
        {
            return Refusal.Invalid("return-url-malformed", "Send an absolute http or https address.", "returnUrl").ToProblem();
        }

        var (order, refusal) = await taking.Admit(request.OrderId, paymentId, user.Id, cancellationToken);
        if (refusal?.Code == PayableOrder.NotYours.Code && order?.Terms is null)
        {
            // The message about it may be on its way.
            if ((await arrivals.Get(request.OrderId, cancellationToken))?.Terms is null)
            {
                var (terms, notKnown) = await inquiry.Ask(request.OrderId, http.Headers.Authorization.ToString(), cancellationToken);
                if ((notKnown ?? (terms is null ? PayableOrder.NotYours : null)) is { } no) return no.ToProblem();
            }

            (order, refusal) = await taking.Admit(request.OrderId, paymentId, user.Id, cancellationToken);
        }

        // An attempt that has left its place may be asked about by its own request.
        var isRepeated = refusal?.Code == "payment-id-taken";
        if (refusal is not null && !isRepeated) return refusal.ToProblem();
        var first = isRepeated ? (await payments.Read(paymentId, cancellationToken)).Start : null;
        if (isRepeated && first?.OrderId != request.OrderId) return refusal!.ToProblem();

        var start = new PaymentStarted(
            paymentId, request.OrderId, order!.Terms!.EventId, order.Terms.OrganizationId, user.Id, order.Terms.Amount, order.Terms.Currency,
            request.PaymentMethodId, returnUrl, clock.GetUtcNow())
        {
            Fee = FeeFor(order.Terms, fees.Value),
        };
        (var payment, refusal) = await payments.Decide(paymentId, state => state.Begin(start), cancellationToken);
        if (refusal is not null)
        {
            // The id belongs to a payment of another order: this one's place is free again.
            if (payment.Start is { } taken && taken.OrderId != request.OrderId) await taking.Leave(request.OrderId, paymentId, payment, cancellationToken);
            return refusal.ToProblem();
        }

        if (payment.IsOpen) (payment, refusal) = await taking.Settle(request.OrderId, paymentId, cancellationToken, isRepeated ? null : payment);
        return refusal is null ? TypedResults.Ok(PaymentResponse.Of(payment)) : refusal.ToProblem();
    }

    /// <summary>Organisations have the standard package until they can choose one.</summary>
    private static LockedFee FeeFor(OrderTerms terms, FeeOptions fees)
    {
        var (package, schedule) = fees.Of(FeeOptions.Standard);
        return new LockedFee(package, schedule.Of(terms.Amount, terms.Tickets, terms.Currency), schedule.IsReturnedOnRefund);
    }

    private static Uri? ReadUrl(string? text, Uri otherwise) =>
        text is null ? otherwise
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" ? url
        : null;
}
