using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventFly.BuildingBlocks;

/// <summary>Something that is done again and again, never twice at a time. A round that fails is logged as an error; the next one goes on.</summary>
/// <param name="clock">Says when a round is due.</param>
/// <param name="every">From one round to the next; the first one comes after as long.</param>
/// <param name="logger">Hears of rounds that fail.</param>
public abstract partial class Rounds(TimeProvider clock, TimeSpan every, ILogger logger) : BackgroundService
{
    /// <summary>One round. What it throws ends this round only.</summary>
    protected abstract Task Round(CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Round(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                RoundFailed(logger, exception, GetType().Name);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "A round of {Name} failed; the next one goes on.")]
    private static partial void RoundFailed(ILogger logger, Exception exception, string name);
}
