using System.ComponentModel.DataAnnotations;
using EventFly.Auth.Accounts;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Auth.ApiKeys;

/// <summary>The answer is the only place where the secret is ever seen; one that was lost is made again.</summary>
internal static partial class MakeApiKey
{
    private const int Tries = 5;

    private static readonly Refusal Unverified =
        Refusal.Forbidden("email-not-verified", "Confirm your e-mail address first: ask for a code and enter it.");

    public sealed record Request(
        [property: Required, MaxLength(100), RegularExpression(PersonName.Pattern, ErrorMessage = PersonName.Fault)] string Name,
        [property: Required, MinLength(1), MaxLength(20)] IReadOnlyList<string> Scopes,
        DateTimeOffset? ExpiresAt = null);

    /// <param name="Key">As it is sent in the Authorization header, after <c>Bearer</c>.</param>
    public sealed record Response(ApiKeyResponse ApiKey, string Key);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/api-keys", Handle).RequirePermission(Permissions.StaffManage);

    private static async Task<Results<Created<Response>, UnauthorizedHttpResult, ProblemHttpResult>> Handle(
        Request request, CurrentUser user, Documents<ApiKey> keys, Documents<Account> accounts, TimeProvider clock, HttpResponse response,
        ILogger<ApiKey> log, CancellationToken cancellationToken)
    {
        if (await accounts.Get(Account.IdOf(user.Id), cancellationToken) is not { Body: var maker } || user.OrganizationId is not { } organization)
        {
            return TypedResults.Unauthorized();
        }

        var now = clock.GetUtcNow();
        if (Refuse(request, user, maker, now) is { } no)
        {
            return no.ToProblem();
        }

        var secret = ApiKeySecret.New(Guid.CreateVersion7(now));
        for (var attempt = 1; ; attempt++)
        {
            var existing = await keys.Query(
                new Query([new Where.Eq("organization", organization.ToString()), new Where.Eq("revoked", false)], [], ApiKey.MostPerOrganization), cancellationToken);
            var taken = existing.Items.Select(key => key.Body.Slot).ToHashSet();
            if (taken.Count >= ApiKey.MostPerOrganization)
            {
                return Refusal.Conflict("too-many-api-keys", $"An organisation has at most {ApiKey.MostPerOrganization} API keys. Revoke one that is not used.").ToProblem();
            }

            var slot = Enumerable.Range(0, ApiKey.MostPerOrganization).First(free => !taken.Contains(free));
            var made = new ApiKey(
                secret.Id, organization, slot, request.Name.Trim(), [.. request.Scopes.Distinct().Order(StringComparer.Ordinal)], secret.Hash, maker.Id, now,
                request.ExpiresAt?.ToUniversalTime());
            var (stored, refusal) = await keys.Change(ApiKey.IdOf(made.Id), _ => made, cancellationToken);
            if (refusal is null)
            {
                Made(log, made.Id, organization, maker.Id);
                response.Headers.CacheControl = "no-store";
                return TypedResults.Created($"/api/auth/api-keys/{made.Id}", new Response(ApiKeyResponse.Of(stored!.Body, maker.Name), secret.Write()));
            }

            if (refusal.Field != ApiKey.SlotKey || attempt == Tries)
            {
                return (refusal.Field == ApiKey.SlotKey
                    ? Refusal.Unavailable("contended", "Too many changes at once. Try again.", TimeSpan.FromSeconds(1))
                    : refusal).ToProblem();
            }
        }
    }

    private static Refusal? Refuse(Request request, CurrentUser user, Account maker, DateTimeOffset now)
    {
        if (maker.EmailVerifiedAt is null)
        {
            return Unverified;
        }

        if (request.Scopes.FirstOrDefault(scope => !Permissions.IsKnown(scope)) is { } unknown)
        {
            return Refusal.Invalid("scope-unknown", $"There is no permission of this name: {(unknown.Length > 40 ? unknown[..40] : unknown)}.", "scopes");
        }

        if (request.Scopes.FirstOrDefault(scope => !user.May(scope)) is { } missing)
        {
            return Refusal.Forbidden("scope-not-held", $"You cannot give a key what you do not hold yourself: {missing}.") with { Field = "scopes" };
        }

        return request.ExpiresAt <= now
            ? Refusal.Unprocessable("expiry-in-the-past", "A key that has expired already is of no use.", "expiresAt")
            : null;
    }

    [LoggerMessage(LogLevel.Information, "The API key {KeyId} of the organisation {OrganizationId} was made by {AccountId}.")]
    private static partial void Made(ILogger log, Guid keyId, Guid organizationId, Guid accountId);
}
