using System.ComponentModel.DataAnnotations;
using EventFly.Auth.Accounts;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Auth.Sessions;

internal static partial class SignUp
{
    public sealed record Request(
        [property: Required, MaxLength(EmailAddress.MaxLength)] string Email,
        [property: Required, StringLength(PasswordRules.MaxLength, MinimumLength = PasswordRules.MinLength)] string Password,
        [property: Required, MaxLength(100), RegularExpression(PersonName.Pattern, ErrorMessage = PersonName.Fault)] string Name);

    public static void Map(RouteGroupBuilder auth)
    {
        auth.MapPost("/participants", (
            Request request, Passwords passwords, Documents<Account> accounts, StartSession start, Attempts attempts, TimeProvider clock,
            HttpContext http, ILogger<Account> log, CancellationToken cancellationToken) =>
            Handle(Access.Participant, request, passwords, accounts, start, attempts, clock, http, log, cancellationToken)).AllowAnonymous();
        auth.MapPost("/organizers", (
            Request request, Passwords passwords, Documents<Account> accounts, StartSession start, Attempts attempts, TimeProvider clock,
            HttpContext http, ILogger<Account> log, CancellationToken cancellationToken) =>
            Handle(Access.Organizer, request, passwords, accounts, start, attempts, clock, http, log, cancellationToken)).AllowAnonymous();
    }

    private static async Task<Results<Created<SignedIn>, ProblemHttpResult>> Handle(
        string role, Request request, Passwords passwords, Documents<Account> accounts, StartSession start, Attempts attempts, TimeProvider clock,
        HttpContext http, ILogger<Account> log, CancellationToken cancellationToken)
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

        if (await attempts.SignUp(http.Connection.RemoteIpAddress, cancellationToken) is { } tooMany)
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
        var registered = await accounts.Change(
            Account.IdOf(id), taken => Account.Register(taken?.Body, id, email, role, name, hash!, now), cancellationToken);
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
