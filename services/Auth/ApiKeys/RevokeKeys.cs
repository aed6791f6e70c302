using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.ServiceDefaults.Tokens;

namespace EventFly.Auth.ApiKeys;

/// <summary>Takes keys back: first in the store, where exchanging is decided, then everywhere, for the access tokens that are out.</summary>
internal sealed class RevokeKeys(Documents<ApiKey> keys, RevokedSessions revoked, TimeProvider clock)
{
    private const int PageSize = 200;

    /// <summary>Revokes one key of this organisation. False when it has no such key.</summary>
    public async Task<bool> One(Guid organization, Guid key, CancellationToken cancellationToken)
    {
        var (known, refusal) = await keys.Change(
            ApiKey.IdOf(key), current => current?.Body.OrganizationId == organization ? current.Body.Revoke(clock.GetUtcNow()) : Decision.Nothing, cancellationToken);
        if (refusal is not null)
        {
            throw new InvalidOperationException($"The API key {key} could not be revoked: {refusal.Code}.");
        }

        if (known?.Body.OrganizationId != organization)
        {
            return false;
        }

        await revoked.Revoke(key.ToString(), ApiKey.Echo, cancellationToken);
        return true;
    }

    /// <summary>Revokes what this account has made, in one organisation or in all.</summary>
    public async Task MadeBy(Guid maker, Guid? organization, CancellationToken cancellationToken)
    {
        // What is revoked leaves the query, so each page is the first.
        while (true)
        {
            Where[] made = [new Where.Eq("maker", maker.ToString()), new Where.Eq("revoked", false)];
            var page = await keys.Query(
                new Query(organization is { } one ? [.. made, new Where.Eq("organization", one.ToString())] : made, [], PageSize), cancellationToken);
            foreach (var key in page.Items)
            {
                await One(key.Body.OrganizationId, key.Body.Id, cancellationToken);
            }

            if (page.Next is null)
            {
                return;
            }
        }
    }
}
