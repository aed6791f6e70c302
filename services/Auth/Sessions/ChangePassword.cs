using System.ComponentModel.DataAnnotations;
using EventFly.Auth.Accounts;
using EventFly.Auth.Letters;
using EventFly.Auth.Lockout;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace EventFly.Auth.Sessions;

internal static partial class ChangePassword
{
    public sealed record Request(
        [property: Required, MaxLength(PasswordRules.MaxLength)] string CurrentPassword,
        [property: Required, StringLength(PasswordRules.MaxLength, MinimumLength = PasswordRules.MinLength)] string NewPassword);

    public static void Map(RouteGroupBuilder auth) => auth.MapPut("/me/password", Handle).RequireSignIn();

    private static async Task<Results<NoContent, UnauthorizedHttpResult, ProblemHttpResult>> Handle(
        Request request, CurrentUser user, Documents<Account> accounts, Passwords passwords, EndSessions endSessions, Attempts attempts,
        Post post, HttpContext http, ILogger<Account> log, CancellationToken cancellationToken)
    {
        if (await accounts.Get(Account.IdOf(user.Id), cancellationToken) is not { Body: var account } || !Guid.TryParse(user.SessionId, out var session))
        {
            return TypedResults.Unauthorized();
        }

        if (PasswordRules.Refuse(request.NewPassword, account.Email, account.Name, "newPassword") is { } easy)
        {
            return easy.ToProblem();
        }

        // Whoever found an open browser must not be able to try passwords here faster than at the front door.
        var (attempt, tooMany) = await attempts.Take(TryAt.Password, account.Email, http.Connection.RemoteIpAddress, isKnown: true, cancellationToken);
        if (tooMany is not null)
        {
            return tooMany.Refusal.ToProblem();
        }

        var (verified, busy) = await passwords.Verify(account, request.CurrentPassword, cancellationToken);
        if (busy is null && verified is PasswordVerificationResult.Failed)
        {
            return Refusal.Unprocessable("wrong-password", "The current password is another one.", "currentPassword").ToProblem();
        }

        await (busy is null ? attempt!.WasRight(cancellationToken) : attempt!.GiveBack(cancellationToken));
        var (hash, alsoBusy) = busy is null ? await passwords.Hash(request.NewPassword, cancellationToken) : (null, busy);
        if (alsoBusy is not null)
        {
            return alsoBusy.ToProblem();
        }

        var (_, refusal) = await accounts.Change(
            Account.IdOf(user.Id),
            current => current?.Body.ChangePassword(account.PasswordHash, hash!, session, post.Letter(Letter.PasswordChanged(current.Body.Email))) ?? Refusal.NotFound("account-not-found", "There is no such account."),
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        await endSessions.AllBut(user.Id, session, cancellationToken);
        PasswordChanged(log, user.Id);
        return TypedResults.NoContent();
    }

    [LoggerMessage(LogLevel.Information, "The account {AccountId} has a new password; its other sessions ended.")]
    private static partial void PasswordChanged(ILogger log, Guid accountId);
}
