using System.ComponentModel.DataAnnotations;
using System.Diagnostics.Metrics;
using EventFly.Auth.Accounts;
using EventFly.Auth.Letters;
using EventFly.Auth.Lockout;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace EventFly.Auth.Sessions;

/// <summary>For an unknown address and for a wrong password the work, the time and the answer are the same.</summary>
internal sealed class SignIn(
    Documents<Account> accounts, Passwords passwords, Attempts attempts, KnownNetworks networks, StartSession start, Post post, TimeProvider clock)
{
    private static readonly Meter Meter = new("EventFly.Auth");

    private static readonly Counter<long> SignIns =
        Meter.CreateCounter<long>("eventfly.auth.sign_ins", "{attempt}", "Attempts to sign in by outcome (right, wrong, limited).");

    public sealed record Request(
        [property: Required, MaxLength(EmailAddress.MaxLength)] string Email,
        [property: Required, MaxLength(PasswordRules.MaxLength)] string Password);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/sessions", (
        Request request, SignIn signIn, HttpContext http, CancellationToken cancellationToken) => signIn.Handle(request, http, cancellationToken)).AllowAnonymous();

    private async Task<Results<Created<SignedIn>, ProblemHttpResult>> Handle(Request request, HttpContext http, CancellationToken cancellationToken)
    {
        // What is no address is looked for like any other: nobody can have it.
        var email = EmailAddress.TryNormalize(request.Email, out var normalized) ? normalized : request.Email;
        var found = await accounts.Query(new Query([Account.HasEmail(email)], [], Limit: 1), cancellationToken);
        var account = found.Items.SingleOrDefault()?.Body;
        var from = http.Connection.RemoteIpAddress;
        var isKnown = account?.Knows(networks.NameOf(account.Id, from), clock.GetUtcNow()) is true;
        var (attempt, tooMany) = await attempts.Take(TryAt.Password, email, from, isKnown, cancellationToken);
        if (tooMany is not null)
        {
            Count("limited");
            await TellOwner(account, tooMany, cancellationToken);
            return tooMany.Refusal.ToProblem();
        }

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
        await attempt!.WasRight(cancellationToken);
        if (verified is PasswordVerificationResult.SuccessRehashNeeded)
        {
            await Rehash(account, request.Password, cancellationToken);
        }

        return await start.Begin(account, http, cancellationToken);
    }

    private async Task TellOwner(Account? account, TooManyAttempts refused, CancellationToken cancellationToken)
    {
        if (refused.IsUnderAttack && account is not null && account.IsToBeTold(clock.GetUtcNow()))
        {
            await accounts.Change(
                Account.IdOf(account.Id),
                current => current?.Body.TellOfAttack(clock.GetUtcNow(), post.Letter(Letter.UnderAttack(current.Body.Email))) ?? Decision.Nothing,
                cancellationToken);
        }
    }

    /// <summary>Not now is no harm: the next sign-in does it.</summary>
    private async Task Rehash(Account account, string password, CancellationToken cancellationToken)
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
