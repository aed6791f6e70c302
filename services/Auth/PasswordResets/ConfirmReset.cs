using System.ComponentModel.DataAnnotations;
using EventFly.Auth.Accounts;
using EventFly.Auth.Codes;
using EventFly.Auth.Letters;
using EventFly.Auth.Lockout;
using EventFly.Auth.Sessions;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Auth.PasswordResets;

/// <summary>
/// A new password for whoever has the code. All sessions end, the address is verified, and nobody has to wait any more for what others tried. The code is used
/// up first: should the process die before the password is stored, another code is asked for.
/// </summary>
internal static partial class ConfirmReset
{
    public sealed record Request(
        [property: Required, MaxLength(EmailAddress.MaxLength)] string Email,
        [property: Required, MaxLength(OneTimeCodes.MaxWritten)] string Code,
        [property: Required, StringLength(PasswordRules.MaxLength, MinimumLength = PasswordRules.MinLength)] string NewPassword);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/password-resets/confirm", Handle).AllowAnonymous();

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request request, Documents<Account> accounts, Documents<PasswordReset> resets, ResetIds ids, OneTimeCodes codes, Passwords passwords, Post post,
        Attempts attempts, KnownNetworks networks, EndSessions endSessions, TimeProvider clock, HttpContext http, ILogger<PasswordReset> log,
        CancellationToken cancellationToken)
    {
        var email = EmailAddress.TryNormalize(request.Email, out var normalized) ? normalized : request.Email;
        if (normalized is not null && PasswordRules.Refuse(request.NewPassword, email, "", "newPassword") is { } easy)
        {
            return easy.ToProblem();
        }

        var (now, from) = (clock.GetUtcNow(), http.Connection.RemoteIpAddress);
        var found = await accounts.Query(new Query([Account.HasEmail(email)], [], Limit: 1), cancellationToken);
        var account = found.Items.SingleOrDefault()?.Body;
        var (attempt, tooMany) = await attempts.Take(
            TryAt.ResetCode, email, from, account?.Knows(networks.NameOf(account.Id, from), now) is true, cancellationToken);
        if (tooMany is not null)
        {
            return tooMany.Refusal.ToProblem();
        }

        // Only who has the code makes us compute a hash.
        var id = ids.Of(email);
        var (hash, busy) = (await resets.Get(id, cancellationToken))?.Body.Enter(codes, request.Code).IsRight is true
            ? await passwords.Hash(request.NewPassword, cancellationToken)
            : (null, null);
        if (busy is not null)
        {
            await attempt!.GiveBack(cancellationToken);
            return busy.ToProblem();
        }

        var isRight = false;
        Guid? whose = null;
        var (_, refusal) = await resets.Change(
            id,
            current =>
            {
                (isRight, var change) = current?.Body.Enter(codes, request.Code) ?? (false, Decision.Nothing);
                whose = current?.Body.AccountId;
                return change;
            },
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        if (!isRight || hash is null || account is null || whose != account.Id)
        {
            return OneTimeCodes.Refused.ToProblem();
        }

        await attempt!.WasRight(cancellationToken);
        (_, refusal) = await accounts.Change(
            Account.IdOf(account.Id),
            current => current is { Body: var body } && body.Email == email
                ? body.ResetPassword(hash, now, post.Letter(Letter.PasswordChanged(email)))
                : OneTimeCodes.Refused,
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        await endSessions.AllBut(account.Id, Guid.Empty, cancellationToken);
        await attempts.Forget(email, from, cancellationToken);
        WasReset(log, account.Id);
        return TypedResults.NoContent();
    }

    [LoggerMessage(LogLevel.Information, "The password of the account {AccountId} was reset; its sessions ended.")]
    private static partial void WasReset(ILogger log, Guid accountId);
}
