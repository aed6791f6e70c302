using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Payments;

/// <summary>
/// Looks after documents whose time field is older than a span, the oldest first, some at once and a bounded number each round. One that fails keeps its
/// place; the others have their turn all the same.
/// </summary>
internal abstract partial class Sweep<T>(
    Documents<T> documents, string since, TimeSpan age, TimeProvider clock, PaymentsOptions options, ILogger logger)
    : Rounds(clock, options.SweepEvery, logger)
    where T : class
{
    private readonly TimeProvider clock = clock;
    private readonly ILogger logger = logger;

    protected override async Task Round(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - age;
        var seen = new List<T>();
        string? after = null;
        do
        {
            var page = await documents.Query(
                new Query([new Where.Range(since, null, before)], [new SortBy(since)], Math.Min(200, options.MostPerSweep), after), cancellationToken);
            seen.AddRange(page.Items.Select(document => document.Body));
            await Parallel.ForEachAsync(
                page.Items.Where(document => IsDue(document.Body)),
                new ParallelOptions { MaxDegreeOfParallelism = options.SweepLanes, CancellationToken = cancellationToken },
                async (document, stopping) =>
                {
                    try
                    {
                        await LookAfter(document.Body, stopping);
                    }
                    catch (Exception exception) when (!stopping.IsCancellationRequested)
                    {
                        Failed(logger, exception, typeof(T).Name, document.Id);
                    }
                });
            after = page.Next;
        }
        while (after is not null && seen.Count < options.MostPerSweep);

        await Conclude(seen, cancellationToken);
    }

    protected virtual bool IsDue(T body) => true;

    protected abstract Task LookAfter(T body, CancellationToken cancellationToken);

    /// <summary>After a round over all that was old enough.</summary>
    protected abstract Task Conclude(IReadOnlyList<T> seen, CancellationToken cancellationToken);

    [LoggerMessage(LogLevel.Error, "{Kind} {Id} could not be looked after.")]
    private static partial void Failed(ILogger logger, Exception exception, string kind, string id);
}
