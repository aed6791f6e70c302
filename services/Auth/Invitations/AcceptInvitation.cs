using System.ComponentModel.DataAnnotations;
using EventFly.Auth.Accounts;
using EventFly.Auth.Codes;
using EventFly.Auth.Lockout;
using EventFly.Auth.Sessions;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.Contracts.Auth;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace EventFly.Auth.Invitations;

/// <summary>
/// Somebody enters the code that was mailed to them. Who has no account gets one with the password that they choose and is signed in; who has one proves with
/// its password, or by being signed in, that it is theirs, and signs in as always, with their second factor. The account is written before the invitation is
/// closed: whoever asks again after a crash in between goes on where it stopped.
/// </summary>
internal sealed partial class AcceptInvitation(
    Documents<Invitation> invitations, Documents<Account> accounts, OneTimeCodes codes, Passwords passwords, Attempts attempts, KnownNetworks networks,
    StartSession start, TimeProvider clock, ILogger<AcceptInvitation> log)
{
    private const int MostAtOnce = 50;

    private static readonly Refusal WrongPassword = new(RefusalKind.Unauthenticated, "wrong-credentials", "The e-mail address or the password is wrong.");

    /// <param name="Password">New people choose it; others prove with it that the account is theirs, unless they are signed in.</param>
    /// <param name="Name">For new people who are called otherwise than the invitation says.</param>
    public sealed record Request(
        [property: Required, MaxLength(EmailAddress.MaxLength)] string Email,
        [property: Required, MaxLength(OneTimeCodes.MaxWritten)] string Code,
        [property: StringLength(PasswordRules.MaxLength, MinimumLength = PasswordRules.MinLength)] string? Password = null,
        [property: MaxLength(100), RegularExpression(PersonName.Pattern, ErrorMessage = PersonName.Fault)] string? Name = null);

    /// <summary>For people with an account: what they can act for from their next token on.</summary>
    public sealed record Response(Guid OrganizationId, Guid StaffId);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/invitations/accept", (
        Request request, CurrentUser? user, AcceptInvitation accept, HttpContext http, CancellationToken cancellationToken) =>
        accept.Handle(request, user, http, cancellationToken)).AllowAnonymous();

    private async Task<Results<Created<SignedIn>, Ok<Response>, ProblemHttpResult>> Handle(
        Request request, CurrentUser? user, HttpContext http, CancellationToken cancellationToken)
    {
        var email = EmailAddress.TryNormalize(request.Email, out var normalized) ? normalized : request.Email;
        var (now, from) = (clock.GetUtcNow(), http.Connection.RemoteIpAddress);
        var account = (await accounts.Query(new Query([Account.HasEmail(email)], [], Limit: 1), cancellationToken)).Items.SingleOrDefault()?.Body;
        var isSignedIn = account is not null && account.Id == user?.Id;
        var (attempt, tooMany) = await attempts.Take(
            TryAt.InvitationCode, email, from, isSignedIn || account?.Knows(networks.NameOf(account.Id, from), now) is true, cancellationToken);
        if (tooMany is not null)
        {
            return tooMany.Refusal.ToProblem();
        }

        if (await Find(email, request.Code, cancellationToken) is not { } invitation)
        {
            return OneTimeCodes.Refused.ToProblem();
        }

        if (request.Password is null && !isSignedIn)
        {
            await attempt!.GiveBack(cancellationToken);
            return Refusal.Unprocessable("password-missing", "Choose a password or, if you have an account, enter its own.", "password").ToProblem();
        }

        var (joined, refusal) = account is null
            ? await Register(invitation, email, request, cancellationToken)
            : await Join(invitation, account, isSignedIn ? null : request.Password, cancellationToken);
        if (refusal is not null)
        {
            // A wrong password stays counted.
            if (refusal.Code != WrongPassword.Code)
            {
                await attempt!.GiveBack(cancellationToken);
            }

            return refusal.ToProblem();
        }

        await attempt!.WasRight(cancellationToken);
        var (_, notClosed) = await invitations.Change(
            Invitation.IdOf(invitation.StaffId), current => current?.Body.Accept(joined!.Id) ?? Decision.Nothing, cancellationToken);
        if (notClosed is not null)
        {
            return notClosed.ToProblem();
        }

        Accepted(log, invitation.StaffId, invitation.OrganizationId, joined!.Id);
        if (account is null)
        {
            return await start.Begin(joined, http, cancellationToken) switch
            {
                { Result: Created<SignedIn> signedIn } => signedIn,
                { Result: ProblemHttpResult problem } => problem,
                _ => throw new InvalidOperationException("Signing in answers with a session or a problem."),
            };
        }

        return TypedResults.Ok(new Response(invitation.OrganizationId, invitation.StaffId));
    }

    /// <summary>The open invitation of this address that the code opens. A code that opens none counts as a wrong try at each.</summary>
    private async Task<Invitation?> Find(string email, string code, CancellationToken cancellationToken)
    {
        var open = (await invitations.Query(new Query([new Where.Eq("email", email)], [], MostAtOnce), cancellationToken)).Items
            .Select(found => found.Body).Where(invitation => invitation.IsOpen).ToArray();
        if (open.FirstOrDefault(invitation => codes.Try(invitation.Code, CodePurpose.Invitation, code).IsRight) is { } right)
        {
            return right;
        }

        foreach (var invitation in open)
        {
            await invitations.Change(
                Invitation.IdOf(invitation.StaffId),
                current => current?.Body.Leave(codes.Try(current.Body.Code, CodePurpose.Invitation, code).Left) ?? Decision.Nothing,
                cancellationToken);
        }

        return null;
    }

    private async Task<(Account? Account, Refusal? Refusal)> Register(Invitation invitation, string email, Request request, CancellationToken cancellationToken)
    {
        var name = string.IsNullOrWhiteSpace(request.Name) ? invitation.Name! : request.Name.Trim();
        if (PasswordRules.Refuse(request.Password!, email, name, "password") is { } easy)
        {
            return (null, easy);
        }

        var (hash, busy) = await passwords.Hash(request.Password!, cancellationToken);
        if (busy is not null)
        {
            return (null, busy);
        }

        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var fresh = new Account(id, email, [Access.Staff], name, hash!, now) { EmailVerifiedAt = now, Memberships = [invitation.Membership()] };
        var (stored, refusal) = await accounts.Change(
            Account.IdOf(id),
            taken => Account.Register(taken?.Body, fresh, new StaffJoined(invitation.OrganizationId, invitation.StaffId, id)),
            cancellationToken);
        return (stored?.Body, refusal);
    }

    private async Task<(Account? Account, Refusal? Refusal)> Join(Invitation invitation, Account account, string? password, CancellationToken cancellationToken)
    {
        if (password is not null)
        {
            var (verified, busy) = await passwords.Verify(account, password, cancellationToken);
            if (busy is not null || verified is PasswordVerificationResult.Failed)
            {
                return (null, busy ?? WrongPassword);
            }
        }

        var (stored, refusal) = await accounts.Change(
            Account.IdOf(account.Id),
            current => current is null || current.Body.Email != account.Email ? OneTimeCodes.Refused
                : current.Body.MembershipIn(invitation.OrganizationId)?.StaffId == invitation.StaffId ? Decision.Nothing
                : current.Body.Join(invitation.Membership(), invitation.StaffId, clock.GetUtcNow()),
            cancellationToken);
        return (stored?.Body, refusal);
    }

    [LoggerMessage(LogLevel.Information, "The invitation {StaffId} of the organisation {OrganizationId} was accepted by {AccountId}.")]
    private static partial void Accepted(ILogger log, Guid staffId, Guid organizationId, Guid accountId);
}
