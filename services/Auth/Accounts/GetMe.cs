using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Auth.Accounts;

/// <summary>An account as its owner sees it. What is new here (an organisation) is in the next access token.</summary>
internal sealed record AccountResponse(
    Guid Id, string Email, string Name, IReadOnlyList<string> Roles, Guid? OrganizationId, IReadOnlyList<string> Permissions, DateTimeOffset CreatedAt)
{
    /// <summary>All organisations that they work for; a session acts for one of them.</summary>
    public IReadOnlyList<MembershipResponse> Memberships { get; init; } = [];

    /// <summary>Whether the owner has shown that the address is theirs.</summary>
    public bool EmailVerified { get; init; }

    /// <param name="account">Whose.</param>
    /// <param name="actingFor">The organisation that the session acts for, as it was chosen.</param>
    public static AccountResponse Of(Account account, Guid? actingFor = null) => new(
        account.Id,
        account.Email,
        account.Name,
        account.Roles,
        account.ActingFor(actingFor)?.OrganizationId,
        account.ActingFor(actingFor)?.Permissions ?? [],
        account.CreatedAt)
    {
        Memberships = [.. account.WorksFor().Select(known => new MembershipResponse(known.OrganizationId, known.Role, known.StaffId))],
        EmailVerified = account.EmailVerifiedAt is not null,
    };
}

/// <param name="Role">owner, or as the organisation calls it.</param>
internal sealed record MembershipResponse(Guid OrganizationId, string Role, Guid? StaffId);

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
        return TypedResults.Ok(AccountResponse.Of(account.Body, user.OrganizationId));
    }
}
