using System.ComponentModel.DataAnnotations;
using EventFly.Auth.Accounts;
using EventFly.Auth.Codes;
using EventFly.Auth.Letters;
using EventFly.Auth.Lockout;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Auth.PasswordResets;

/// <summary>Mails a code to whoever forgot their password. The answer, and the time that it takes, are the same for an address that nobody has.</summary>
internal static class AskForReset
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <summary>Nothing is sent there.</summary>
    private const string Nobody = "nobody@example.invalid";

    public sealed record Request([property: Required, MaxLength(EmailAddress.MaxLength)] string Email);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/password-resets", Handle).AllowAnonymous();

    private static async Task<Results<Accepted, ProblemHttpResult>> Handle(
        Request request, Documents<Account> accounts, Documents<PasswordReset> resets, ResetIds ids, OneTimeCodes codes, Post post, Attempts attempts,
        TimeProvider clock, HttpContext http, CancellationToken cancellationToken)
    {
        if (await attempts.Mail(http.Connection.RemoteIpAddress, cancellationToken) is { } tooMany)
        {
            return tooMany.ToProblem();
        }

        var email = EmailAddress.TryNormalize(request.Email, out var normalized) ? normalized : request.Email;
        var found = await accounts.Query(new Query([Account.HasEmail(email)], [], Limit: 1), cancellationToken);
        var account = found.Items.SingleOrDefault()?.Body;
        var (code, written) = codes.Make(CodePurpose.ResetPassword, Lifetime);
        var letter = post.Letter(Letter.ResetPassword(account?.Email ?? Nobody, written));
        var id = ids.Of(email);
        var (_, refusal) = await resets.Change(
            id, current => PasswordReset.Ask(current?.Body, id, account?.Id, code, clock.GetUtcNow(), account is null ? [] : [letter]), cancellationToken);
        return refusal is null ? TypedResults.Accepted((string?)null) : refusal.ToProblem();
    }
}
