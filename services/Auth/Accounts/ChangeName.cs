using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Auth.Accounts;

internal static class ChangeName
{
    public sealed record Request([property: Required, MaxLength(100), RegularExpression(PersonName.Pattern, ErrorMessage = PersonName.Fault)] string Name);

    public static void Map(RouteGroupBuilder auth) => auth.MapPut("/me/name", Handle).RequireSignIn();

    private static async Task<Results<Ok<AccountResponse>, ProblemHttpResult>> Handle(
        Request request, CurrentUser user, Documents<Account> accounts, CancellationToken cancellationToken)
    {
        var (account, refusal) = await accounts.Change(
            Account.IdOf(user.Id),
            current => current?.Body.Rename(request.Name.Trim()) ?? Refusal.NotFound("account-not-found", "There is no such account."),
            cancellationToken);
        return refusal is null ? TypedResults.Ok(AccountResponse.Of(account!.Body)) : refusal.ToProblem();
    }
}
