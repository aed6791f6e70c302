using EventFly.BuildingBlocks.Documents;
using EventFly.ServiceDefaults.Tokens;

namespace EventFly.Auth.ApiKeys;

/// <summary>
/// Says once more, when auth starts, which keys were revoked so lately that their access tokens could still be good: the process may have died between
/// storing it and telling it, and what Redis knew may be lost.
/// </summary>
internal sealed class RepeatKeyRevocations(Documents<ApiKey> keys, RevokedSessions revoked, TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? after = null;
        do
        {
            var page = await keys.Query(new Query([new Where.Eq("revoked", true)], [], 200, after), stoppingToken);
            foreach (var key in page.Items.Select(item => item.Body))
            {
                if (key.RevokedAt + ApiKey.Echo - clock.GetUtcNow() is { } left && left > TimeSpan.Zero)
                {
                    await revoked.Revoke(key.Id.ToString(), left, stoppingToken);
                }
            }

            after = page.Next;
        }
        while (after is not null);
    }
}
