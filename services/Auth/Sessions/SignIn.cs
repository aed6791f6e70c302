using System.ComponentModel.DataAnnotations;
using System.Diagnostics.Metrics;
using EventFly.Auth.Accounts;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace EventFly.Auth.Sessions;

/// <summary>For an unknown address and for a wrong password the work, the time and the answer are the same.</summary>
internal static class SignIn
{
    private static readonly Meter Meter = new("EventFly.Auth");

    private static readonly Counter<long> SignIns =
        Meter.CreateCounter<long>("eventfly.auth.sign_ins", "{attempt}", "Attempts to sign in by outcome (right, wrong, limited).");

    public sealed record Request(
        [property: Required, MaxLength(EmailAddress.MaxLength)] string Email,
        [property: Required, MaxLength(PasswordRules.MaxLength)] string Password);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/sessions", Handle).AllowAnonymous();

    private static async Task<Results<Created<SignedIn>, ProblemHttpResult>> Handle(
        Request request, Documents<Account> accounts, Passwords passwords, Attempts attempts, StartSession start, HttpContext http,
        CancellationToken cancellationToken)
    {
        // What is no address is looked for like any other: nobody can have it.
        var email = EmailAddress.TryNormalize(request.Email, out var normalized) ? normalized : request.Email;
        var (attempt, tooMany) = await attempts.SignIn(email, http.Connection.RemoteIpAddress, cancellationToken);
        if (tooMany is not null)
        {
            Count("limited");
            return tooMany.ToProblem();
        }

        var found = await accounts.Query(new Query([Account.HasEmail(email)], [], Limit: 1), cancellationToken);
        var account = found.Items.SingleOrDefault()?.Body;
        var (verified, busy) = await passwords.Verify(account, request.Password, cancellationToken);
        if (busy is not null)
        {
            await attempt!.GiveBack(cancellationToken);
            return busy.ToProblem();
        }

        if (account is null || verified is PasswordVerificationResult.Failed)
        {
            Count("wrong");
            return new Refusal(RefusalKind.Unauthenticated, "wrong-credentials", "The e-mail address or the password is wrong.").ToProblem();
        }

        Count("right");
        await attempt!.GiveBack(cancellationToken);
        if (verified is PasswordVerificationResult.SuccessRehashNeeded)
        {
            await Rehash(account, request.Password, accounts, passwords, cancellationToken);
        }

        return await start.Begin(account, http, cancellationToken);
    }

    /// <summary>Not now is no harm: the next sign-in does it.</summary>
    private static async Task Rehash(Account account, string password, Documents<Account> accounts, Passwords passwords, CancellationToken cancellationToken)
    {
        var (hash, busy) = await passwords.Hash(password, cancellationToken);
        if (busy is null)
        {
            await accounts.Change(
                Account.IdOf(account.Id), current => current?.Body.Rehash(account.PasswordHash, hash!) ?? Decision.Nothing, cancellationToken);
        }
    }

    private static void Count(string outcome) => SignIns.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
