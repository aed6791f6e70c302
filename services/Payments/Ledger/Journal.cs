using System.Runtime.CompilerServices;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Payments.Ledger;

/// <summary>Writes movements down, each once, and adds them up.</summary>
internal sealed class Journal(Documents<Movement> movements, Documents<LedgerDay> days, TimeProvider clock)
{
    private const int PageSize = 500;

    /// <summary>A movement has its time from the clock of whoever writes it, shortly before it is stored. After so long none is added to a day any more.</summary>
    private static readonly TimeSpan DayIsOver = TimeSpan.FromMinutes(10);

    /// <exception cref="InvalidOperationException">A movement does not sum to zero, or is another one than was written under its id. Nothing of it is written.</exception>
    public async Task Write(IEnumerable<Movement> moved, CancellationToken cancellationToken)
    {
        foreach (var movement in moved)
        {
            if (!movement.IsBalanced || movement.Entries.Any(entry => !Accounts.All.Contains(entry.Account)))
            {
                throw new InvalidOperationException($"The movement {movement.MovementId} does not balance.");
            }

            var (_, refusal) = await movements.Change(movement.MovementId, known => known is null ? movement : Decision.Nothing, cancellationToken);
            if (refusal is not null) throw new InvalidOperationException($"The movement {movement.MovementId} was not stored: {refusal.Code}");
        }
    }

    /// <summary>What was written for a charge, refund or dispute of the processor.</summary>
    public async Task<IReadOnlyList<Movement>> Of(string processorId, CancellationToken cancellationToken) =>
        [.. (await movements.Query(new Query([new Where.Eq("processorId", processorId)], [], PageSize), cancellationToken)).Items.Select(movement => movement.Body)];

    /// <summary>What was written in a span of time, the oldest first, a page at a time.</summary>
    public async IAsyncEnumerable<Movement> Between(
        DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            var page = await movements.Query(
                new Query(LedgerQuery.Conditions(null, null, from, to), [new SortBy("recordedAt")], PageSize, after), cancellationToken);
            foreach (var movement in page.Items) yield return movement.Body;
            after = page.Next;
        }
        while (after is not null);
    }

    /// <summary>All accounts at a time, of one organisation or (null) of all. What past days came to is kept, so that only the rest is added up.</summary>
    public async Task<IReadOnlyList<AccountTotal>> Totals(Guid? organizationId, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var scope = LedgerDay.ScopeOf(organizationId);
        var isOver = Midnight(Earlier(until, clock.GetUtcNow() - DayIsOver));
        var kept = await days.Query(
            new Query([new Where.Eq("scope", scope), new Where.Range("through", null, isOver.AddTicks(1))], [new SortBy("through", Descending: true)], 1),
            cancellationToken);
        var totals = new Totals();
        var from = DateTimeOffset.MinValue;
        if (kept.Items is [{ Body: var day }])
        {
            totals.Add(day.Totals);
            from = day.Through;
        }

        if (isOver > from && await Add(totals, organizationId, from, isOver, cancellationToken) > 0)
        {
            var closed = new LedgerDay(scope, isOver, totals.ToList());
            await days.Change(LedgerDay.IdOf(scope, isOver), known => known is null ? closed : Decision.Nothing, cancellationToken);
        }

        await Add(totals, organizationId, Later(isOver, from), until, cancellationToken);
        return totals.ToList();
    }

    private async Task<long> Add(Totals totals, Guid? organizationId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var added = 0L;
        if (to <= from) return added;
        string? after = null;
        do
        {
            var page = await movements.Query(
                new Query(LedgerQuery.Conditions(organizationId, null, from, to), [new SortBy("recordedAt")], PageSize, after), cancellationToken);
            foreach (var movement in page.Items)
            {
                foreach (var entry in movement.Body.Entries) totals.Add(entry.Account, movement.Body.Currency, entry.Amount);
            }

            added += page.Items.Count;
            after = page.Next;
        }
        while (after is not null);

        return added;
    }

    private static DateTimeOffset Midnight(DateTimeOffset time) => new(time.UtcDateTime.Date, TimeSpan.Zero);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

/// <param name="Amount">In minor units; positive is debit.</param>
public sealed record AccountTotal(string Account, string Currency, long Amount);

/// <summary>What all movements before a midnight came to. Kept when it was added up once; a past day does not change.</summary>
/// <param name="Through">The midnight (UTC), exclusive.</param>
public sealed record LedgerDay(string Scope, DateTimeOffset Through, IReadOnlyList<AccountTotal> Totals)
{
    public static DocumentType<LedgerDay> Type { get; } = new DocumentType<LedgerDay>("ledger_days", day => IdOf(day.Scope, day.Through))
        .Text("scope", day => day.Scope)
        .Time("through", day => day.Through)
        .Index("scope", "through");

    public static string ScopeOf(Guid? organizationId) => organizationId?.ToString("N") ?? "all";

    public static string IdOf(string scope, DateTimeOffset through) => $"{scope}-{through:yyyyMMdd}";
}

internal sealed class Totals
{
    private readonly SortedDictionary<(string Currency, string Account), long> amounts = [];

    public void Add(string account, string currency, long amount) =>
        amounts[(currency, account)] = amounts.GetValueOrDefault((currency, account)) + amount;

    public void Add(IEnumerable<AccountTotal> totals)
    {
        foreach (var total in totals) Add(total.Account, total.Currency, total.Amount);
    }

    public List<AccountTotal> ToList() => [.. amounts.Select(total => new AccountTotal(total.Key.Account, total.Key.Currency, total.Value))];
}
