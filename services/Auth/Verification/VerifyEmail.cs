using System.ComponentModel.DataAnnotations;
using EventFly.Auth.Accounts;
using EventFly.Auth.Codes;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Auth.Verification;

/// <summary>Shows that the account's address is theirs, with the code that was mailed there. The next access token says so.</summary>
internal static class VerifyEmail
{
    public sealed record Request([property: Required, MaxLength(OneTimeCodes.MaxWritten)] string Code);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/me/email/verification", Handle).RequireSignIn();

    private static async Task<Results<Ok<AccountResponse>, ProblemHttpResult>> Handle(
        Request request, CurrentUser user, Documents<Account> accounts, OneTimeCodes codes, TimeProvider clock, CancellationToken cancellationToken)
    {
        var isVerified = false;
        var (account, refusal) = await accounts.Change(
            Account.IdOf(user.Id),
            current =>
            {
                (isVerified, var change) = current?.Body.VerifyEmail(codes, request.Code, clock.GetUtcNow())
                    ?? (false, Refusal.NotFound("account-not-found", "There is no such account."));
                return change;
            },
            cancellationToken);
        refusal ??= isVerified ? null : OneTimeCodes.Refused;
        return refusal is null ? TypedResults.Ok(AccountResponse.Of(account!.Body, user.OrganizationId)) : refusal.ToProblem();
    }
}
