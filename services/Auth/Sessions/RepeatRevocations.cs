using EventFly.BuildingBlocks.Documents;
using EventFly.ServiceDefaults.Tokens;
using Microsoft.Extensions.Options;

namespace EventFly.Auth.Sessions;

/// <summary>
/// Says once more, when auth starts, which sessions ended so lately that their access tokens could still be good: the process may have
/// died between storing the end and telling it, and what Redis knew may be lost.
/// </summary>
internal sealed class RepeatRevocations(
    Documents<Session> sessions, RevokedSessions revoked, IOptions<SessionTimes> times, TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? after = null;
        do
        {
            var page = await sessions.Query(new Query([new Where.Eq("ended", true)], [], 200, after), stoppingToken);
            foreach (var session in page.Items.Select(item => item.Body))
            {
                if (session.EndedAt + times.Value.Echo - clock.GetUtcNow() is { } left && left > TimeSpan.Zero)
                {
                    await revoked.Revoke(session.Id.ToString(), left, stoppingToken);
                }
            }

            after = page.Next;
        }
        while (after is not null);
    }
}
