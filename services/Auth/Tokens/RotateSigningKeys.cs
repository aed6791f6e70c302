using EventFly.Auth.Accounts;
using Microsoft.Extensions.Options;

namespace EventFly.Auth.Tokens;

/// <summary>Has keys ready before the first request, and looks at their age from time to time.</summary>
internal sealed partial class RotateSigningKeys(
    SigningKeys keys, Passwords passwords, IOptions<SigningKeyOptions> options, TimeProvider clock, ILogger<RotateSigningKeys> log) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.Turn(cancellationToken);
        passwords.Prepare();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await keys.Turn(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogFailed(log, failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The signing keys could not be looked at; those in use stay in use.")]
    private static partial void LogFailed(ILogger log, Exception failure);
}
