using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Payments.Ledger;

/// <summary>All accounts of an organisation at a time; a platform administrator may ask for the sum of all.</summary>
internal static class GetBalances
{
    /// <param name="At">Movements before it count.</param>
    /// <param name="OrganizationId">Null: all.</param>
    /// <param name="Owed">What we owe the organisation, in minor units: payable less refunds and disputes. Positive is owed.</param>
    /// <param name="Sums">Of all accounts together by currency: always 0.</param>
    /// <param name="IsBalanced">Whether they are.</param>
    public sealed record Response(
        DateTimeOffset At, Guid? OrganizationId, IReadOnlyList<AccountTotal> Accounts, IReadOnlyList<Money> Owed, IReadOnlyList<Money> Sums, bool IsBalanced);

    /// <param name="Amount">In minor units.</param>
    public sealed record Money(string Currency, long Amount);

    public static void Map(RouteGroupBuilder payments) => payments.MapGet("/ledger/balances", Handle)
        .RequirePlatformAdminOr("billing.manage", "order.read").WithName("GetBalances");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid? organizationId, DateTimeOffset? at, CurrentUser user, Journal journal, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (whose, refusal) = LedgerQuery.Whose(user, organizationId);
        if (refusal is not null) return refusal.ToProblem();

        var until = at?.ToUniversalTime() ?? clock.GetUtcNow();
        var totals = await journal.Totals(whose, until, cancellationToken);
        var sums = Sum(totals, _ => true);
        return TypedResults.Ok(new Response(
            until, whose, totals,
            [.. Sum(totals, total => Accounts.Owed.Contains(total.Account)).Select(money => money with { Amount = -money.Amount })],
            sums, sums.All(money => money.Amount == 0)));
    }

    private static List<Money> Sum(IEnumerable<AccountTotal> totals, Func<AccountTotal, bool> wanted) =>
        [.. totals.Where(wanted).GroupBy(total => total.Currency).Select(same => new Money(same.Key, same.Sum(total => total.Amount)))];
}
