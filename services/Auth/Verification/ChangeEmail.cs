using System.ComponentModel.DataAnnotations;
using EventFly.Auth.Accounts;
using EventFly.Auth.Codes;
using EventFly.Auth.Letters;
using EventFly.Auth.Lockout;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace EventFly.Auth.Verification;

/// <summary>
/// Another address for the account. Nothing changes until the code is entered that goes to the new one; whether somebody else has that address is not said
/// before either.
/// </summary>
internal static class ChangeEmail
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public sealed record Request(
        [property: Required, MaxLength(EmailAddress.MaxLength)] string Email,
        [property: Required, MaxLength(PasswordRules.MaxLength)] string Password);

    public sealed record Confirmation([property: Required, MaxLength(OneTimeCodes.MaxWritten)] string Code);

    public static void Map(RouteGroupBuilder auth)
    {
        auth.MapPut("/me/email", Handle).RequireSignIn();
        auth.MapPost("/me/email/confirmation", Confirm).RequireSignIn();
    }

    private static async Task<Results<Accepted, UnauthorizedHttpResult, ProblemHttpResult>> Handle(
        Request request, CurrentUser user, Documents<Account> accounts, Passwords passwords, Attempts attempts, OneTimeCodes codes, Post post,
        TimeProvider clock, HttpContext http, CancellationToken cancellationToken)
    {
        if (!EmailAddress.TryNormalize(request.Email, out var email))
        {
            return Refusal.Invalid("email-malformed", "This is no e-mail address that mail can be sent to.", "email").ToProblem();
        }

        if (await accounts.Get(Account.IdOf(user.Id), cancellationToken) is not { Body: var account })
        {
            return TypedResults.Unauthorized();
        }

        var (attempt, tooMany) = await attempts.Take(TryAt.Password, account.Email, http.Connection.RemoteIpAddress, isKnown: true, cancellationToken);
        if (tooMany is not null)
        {
            return tooMany.Refusal.ToProblem();
        }

        var (verified, busy) = await passwords.Verify(account, request.Password, cancellationToken);
        if (busy is not null)
        {
            await attempt!.GiveBack(cancellationToken);
            return busy.ToProblem();
        }

        if (verified is PasswordVerificationResult.Failed)
        {
            return Refusal.Unprocessable("wrong-password", "The password is another one.", "password").ToProblem();
        }

        await attempt!.WasRight(cancellationToken);
        var (code, written) = codes.Make(CodePurpose.ChangeEmail, Lifetime);
        var (_, refusal) = await accounts.Change(
            Account.IdOf(user.Id),
            current => current?.Body.PlanEmailChange(
                    email, code, clock.GetUtcNow(), post.Letter(Letter.ChangeEmail(email, written)), post.Letter(Letter.EmailChangeAsked(current.Body.Email)))
                ?? Refusal.NotFound("account-not-found", "There is no such account."),
            cancellationToken);
        return refusal is null ? TypedResults.Accepted((string?)null) : refusal.ToProblem();
    }

    private static async Task<Results<Ok<AccountResponse>, ProblemHttpResult>> Confirm(
        Confirmation request, CurrentUser user, Documents<Account> accounts, OneTimeCodes codes, Post post, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var isChanged = false;
        var (account, refusal) = await accounts.Change(
            Account.IdOf(user.Id),
            current =>
            {
                (isChanged, var change) = current?.Body.ChangeEmail(codes, request.Code, clock.GetUtcNow(), before => post.Letter(Letter.EmailChanged(before.Email)))
                    ?? (false, Refusal.NotFound("account-not-found", "There is no such account."));
                return change;
            },
            cancellationToken);
        refusal ??= isChanged ? null : OneTimeCodes.Refused;
        return refusal is null ? TypedResults.Ok(AccountResponse.Of(account!.Body, user.OrganizationId)) : refusal.ToProblem();
    }
}
