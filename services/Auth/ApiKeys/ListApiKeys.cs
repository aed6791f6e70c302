using EventFly.Auth.Accounts;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;

namespace EventFly.Auth.ApiKeys;

/// <summary>A key as the organisation sees it; never its secret.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What the organisation calls it.</param>
/// <param name="Prefix">How the key begins, to find it where it is used.</param>
/// <param name="Scopes">Permissions that it was given.</param>
/// <param name="MadeBy">The account that made it.</param>
/// <param name="MadeByName">As that person calls themselves.</param>
/// <param name="MadeAt">When.</param>
/// <param name="ExpiresAt">From then on it is refused; null: never.</param>
/// <param name="LastUsedAt">To the minute; null: never.</param>
internal sealed record ApiKeyResponse(
    Guid Id,
    string Name,
    string Prefix,
    IReadOnlyList<string> Scopes,
    Guid MadeBy,
    string? MadeByName,
    DateTimeOffset MadeAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt)
{
    public static ApiKeyResponse Of(ApiKey key, string? maker) => new(
        key.Id, key.Name, ApiKeySecret.PrefixOf(key.Id), key.Scopes, key.MadeBy, maker, key.MadeAt, key.ExpiresAt, key.LastUsedAt);
}

internal static class ListApiKeys
{
    public sealed record Response(IReadOnlyList<ApiKeyResponse> Items);

    public static void Map(RouteGroupBuilder auth) => auth.MapGet("/api-keys", Handle).RequirePermission(Permissions.StaffManage);

    private static async Task<Response> Handle(CurrentUser user, Documents<ApiKey> keys, Documents<Account> accounts, CancellationToken cancellationToken)
    {
        var found = await keys.Query(
            new Query(
                [new Where.Eq("organization", user.OrganizationId?.ToString()), new Where.Eq("revoked", false)],
                [new SortBy("made", Descending: true)],
                ApiKey.MostPerOrganization),
            cancellationToken);
        var names = new Dictionary<Guid, string?>();
        foreach (var maker in found.Items.Select(key => key.Body.MadeBy).Distinct())
        {
            names[maker] = (await accounts.Get(Account.IdOf(maker), cancellationToken))?.Body.Name;
        }

        return new Response([.. found.Items.Select(key => ApiKeyResponse.Of(key.Body, names[key.Body.MadeBy]))]);
    }
}
