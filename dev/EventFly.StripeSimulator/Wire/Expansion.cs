using EventFly.StripeSimulator.Charges;
using EventFly.StripeSimulator.PaymentIntents;
using EventFly.StripeSimulator.Refunds;
using EventFly.StripeSimulator.SetupIntents;

namespace EventFly.StripeSimulator.Wire;

/// <summary><c>expand[]=latest_charge.balance_transaction</c>: an id in the answer gives way to the object, four levels deep at most.</summary>
internal static class Expansion
{
    public static Answer Answer(StripeRequest request, object body, Account account) =>
        Expanded(request, body, account, request.Expand) is { } expanded ? Wire.Answer.Ok(expanded) : request.Parameters.Problem!;

    public static Answer List(StripeRequest request, Account account, Func<Answer> page)
    {
        var answer = page();
        if (answer.Body is not StripeList list || request.Expand.Count == 0) return answer;

        var inside = request.Expand.Where(path => path.StartsWith("data.", StringComparison.Ordinal)).Select(path => path[5..]).ToList();
        if (inside.Count != request.Expand.Count) return NotExpandable(request.Expand[0]);

        var data = list.Data.Select(item => Expanded(request, item, account, inside)).ToList();
        return request.Parameters.Problem is { } problem ? problem : Wire.Answer.Ok(list with { Data = data! });
    }

    private static object? Expanded(StripeRequest request, object body, Account account, IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            if (Expand(body, path.Split('.', 5), account) is not { } next)
            {
                request.Parameters.Fail(NotExpandable(path));
                return null;
            }

            body = next;
        }

        return body;
    }

    private static object? Expand(object body, ReadOnlySpan<string> path, Account account)
    {
        if (path.Length == 0) return body;
        if (path.Length > 4) return null;

        var rest = path[1..];
        switch (body, path[0])
        {
            case (PaymentIntent intent, "latest_charge"):
                return Into(intent.LatestCharge, account.Charges.Find, rest, account, found => intent with { LatestCharge = found });
            case (PaymentIntent intent, "payment_method"):
                return Into(intent.PaymentMethod, account.PaymentMethods.Find, rest, account, found => intent with { PaymentMethod = found });
            case (PaymentIntent intent, "customer"):
                return Into(intent.Customer, account.Customers.Find, rest, account, found => intent with { Customer = found });
            case (SetupIntent intent, "payment_method"):
                return Into(intent.PaymentMethod, account.PaymentMethods.Find, rest, account, found => intent with { PaymentMethod = found });
            case (Charge charge, "balance_transaction"):
                return Into(
                    charge.BalanceTransaction, account.BalanceTransactions.Find, rest, account, found => charge with { BalanceTransaction = found });
            case (Charge charge, "payment_intent"):
                return Into(charge.PaymentIntent, account.PaymentIntents.Find, rest, account, found => charge with { PaymentIntent = found });
            case (Charge charge, "customer"):
                return Into(charge.Customer, account.Customers.Find, rest, account, found => charge with { Customer = found });
            case (Charge charge, "refunds") when rest.Length == 0:
                var refunds = account.Refunds.NewestFirst().TakeWhile(refund => refund.Created >= charge.Created - 1)
                    .Where(refund => refund.Charge as string == charge.Id).Take(11).ToList<object>();
                return charge with { Refunds = new StripeList($"/v1/charges/{charge.Id}/refunds", refunds.Count > 10, [.. refunds.Take(10)]) };
            case (Refund refund, "charge"):
                return Into(refund.Charge, account.Charges.Find, rest, account, found => refund with { Charge = found });
            case (Refund refund, "payment_intent"):
                return Into(refund.PaymentIntent, account.PaymentIntents.Find, rest, account, found => refund with { PaymentIntent = found });
            case (Refund refund, "balance_transaction"):
                return Into(
                    refund.BalanceTransaction, account.BalanceTransactions.Find, rest, account, found => refund with { BalanceTransaction = found });
            default:
                return null;
        }
    }

    private static object? Into<T>(
        object? current, Func<string, T?> find, ReadOnlySpan<string> rest, Account account, Func<object, object> put)
        where T : class
    {
        var found = current switch
        {
            string id => find(id),
            _ => current,
        };
        if (found is null) return put(null!);
        return Expand(found, rest, account) is { } expanded ? put(expanded) : null;
    }

    private static StripeError NotExpandable(string path) =>
        StripeError.Invalid($"This property cannot be expanded ({path}).", "expand");
}
