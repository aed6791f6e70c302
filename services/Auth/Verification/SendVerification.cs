using EventFly.Auth.Accounts;
using EventFly.Auth.Codes;
using EventFly.Auth.Letters;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Auth.Verification;

/// <summary>Mails another code to the account's address.</summary>
internal static class SendVerification
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/me/email/verification/code", Handle).RequireSignIn();

    private static async Task<Results<Accepted, ProblemHttpResult>> Handle(
        CurrentUser user, Documents<Account> accounts, OneTimeCodes codes, Post post, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (code, written) = codes.Make(CodePurpose.VerifyEmail, Lifetime);
        var (_, refusal) = await accounts.Change(
            Account.IdOf(user.Id),
            current => current is { Body: var account }
                ? account.SendVerification(code, clock.GetUtcNow(), post.Letter(Letter.VerifyEmail(account.Email, written)))
                : Refusal.NotFound("account-not-found", "There is no such account."),
            cancellationToken);
        return refusal is null ? TypedResults.Accepted((string?)null) : refusal.ToProblem();
    }
}
