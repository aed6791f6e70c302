using System.ComponentModel.DataAnnotations;
using EventFly.Auth.Accounts;
using EventFly.Auth.Codes;
using EventFly.Auth.Letters;
using EventFly.Auth.Lockout;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Auth.Sessions;

/// <summary>A new account: it can be used at once, and a code goes to its address.</summary>
internal sealed partial class SignUp(
    Passwords passwords, Documents<Account> accounts, StartSession start, Attempts attempts, KnownNetworks networks, OneTimeCodes codes, Post post,
    TimeProvider clock, ILogger<SignUp> log)
{
    private static readonly TimeSpan VerificationTime = TimeSpan.FromDays(1);

    public sealed record Request(
        [property: Required, MaxLength(EmailAddress.MaxLength)] string Email,
        [property: Required, StringLength(PasswordRules.MaxLength, MinimumLength = PasswordRules.MinLength)] string Password,
        [property: Required, MaxLength(100), RegularExpression(PersonName.Pattern, ErrorMessage = PersonName.Fault)] string Name);

    public static void Map(RouteGroupBuilder auth)
    {
        auth.MapPost("/participants", (Request request, SignUp signUp, HttpContext http, CancellationToken cancellationToken) =>
            signUp.Handle(Access.Participant, request, http, cancellationToken)).AllowAnonymous();
        auth.MapPost("/organizers", (Request request, SignUp signUp, HttpContext http, CancellationToken cancellationToken) =>
            signUp.Handle(Access.Organizer, request, http, cancellationToken)).AllowAnonymous();
    }

    private async Task<Results<Created<SignedIn>, ProblemHttpResult>> Handle(
        string role, Request request, HttpContext http, CancellationToken cancellationToken)
    {
        var name = request.Name.Trim();
        if (!EmailAddress.TryNormalize(request.Email, out var email))
        {
            return Refusal.Invalid("email-malformed", "This is no e-mail address that mail can be sent to.", "email").ToProblem();
        }

        if (PasswordRules.Refuse(request.Password, email, name, "password") is { } easy)
        {
            return easy.ToProblem();
        }

        var from = http.Connection.RemoteIpAddress;
        if (await attempts.SignUp(from, cancellationToken) is { } tooMany)
        {
            return tooMany.ToProblem();
        }

        var (hash, busy) = await passwords.Hash(request.Password, cancellationToken);
        if (busy is not null)
        {
            return busy.ToProblem();
        }

        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var (code, written) = codes.Make(CodePurpose.VerifyEmail, VerificationTime);
        var fresh = new Account(id, email, [role], name, hash!, now)
        {
            Verification = MailedCode.First(code, now),
            KnownNetworks = [new KnownNetwork(networks.NameOf(id, from), now)],
        };
        var registered = await accounts.Change(
            Account.IdOf(id), taken => Account.Register(taken?.Body, fresh, post.Letter(Letter.VerifyEmail(email, written))), cancellationToken);
        if (registered.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        SignedUp(log, id, role);
        return await start.Begin(registered.Document!.Body, http, cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "The account {AccountId} was registered as {Role}.")]
    private static partial void SignedUp(ILogger log, Guid accountId, string role);
}
