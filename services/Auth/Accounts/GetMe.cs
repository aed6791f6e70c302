using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Auth.Accounts;

/// <summary>An account as its owner sees it. What is new here (an organisation) is in the next access token.</summary>
internal sealed record AccountResponse(
    Guid Id, string Email, string Name, IReadOnlyList<string> Roles, Guid? OrganizationId, IReadOnlyList<string> Permissions, DateTimeOffset CreatedAt)
{
    public static AccountResponse Of(Account account) => new(
        account.Id,
        account.Email,
        account.Name,
        account.Roles,
        account.Membership?.OrganizationId,
        account.Membership?.Permissions ?? [],
        account.CreatedAt);
}

internal static class GetMe
{
    public static void Map(RouteGroupBuilder auth) => auth.MapGet("/me", Handle).RequireSignIn();

    private static async Task<Results<Ok<AccountResponse>, UnauthorizedHttpResult>> Handle(
        CurrentUser user, Documents<Account> accounts, HttpResponse response, CancellationToken cancellationToken)
    {
        if (await accounts.Get(Account.IdOf(user.Id), cancellationToken) is not { } account)
        {
            return TypedResults.Unauthorized();
        }

        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(AccountResponse.Of(account.Body));
    }
}
