using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using EventFly.BuildingBlocks.Http;
using EventFly.ServiceDefaults.Redis;
using Microsoft.Extensions.Logging;

namespace EventFly.ServiceDefaults.Tokens;

/// <summary>What somebody may do from now on, in an organisation or at one of its events.</summary>
/// <param name="AccountId">Whose tokens it is about (<c>sub</c>).</param>
/// <param name="OrganizationId">Tokens that act for another organisation stay as they are.</param>
/// <param name="EventId">Null: in the whole organisation.</param>
/// <param name="Permissions">All that holds there; null: nothing, and in the whole organisation also that the account acts for it no longer.</param>
/// <param name="At">When it was decided. Of two that are about the same, the later one counts, whichever is heard first.</param>
public sealed record AccessChange(Guid AccountId, Guid OrganizationId, Guid? EventId, IReadOnlyList<string>? Permissions, DateTimeOffset At)
{
    private const string Nothing = "-";

    /// <summary>As it is told.</summary>
    public string Write() => string.Create(
        CultureInfo.InvariantCulture,
        $"{AccountId} {OrganizationId} {EventId?.ToString() ?? Nothing} {At.ToUnixTimeMilliseconds()} {(Permissions is null ? Nothing : $"+{string.Join(',', Permissions)}")}");

    /// <summary>Reads what <see cref="Write"/> wrote; null for anything else.</summary>
    public static AccessChange? Read(string written) => written.Split(' ') is [var account, var organization, var at, var time, var held]
        && Guid.TryParse(account, out var accountId)
        && Guid.TryParse(organization, out var organizationId)
        && (at == Nothing ? null : Guid.TryParse(at, out var eventId) ? eventId : (Guid?)Guid.Empty) is var scope && scope != Guid.Empty
        && long.TryParse(time, CultureInfo.InvariantCulture, out var milliseconds)
            ? new AccessChange(
                accountId,
                organizationId,
                scope,
                held is ['+', .. var names] ? names.Split(',', StringSplitOptions.RemoveEmptyEntries) : null,
                DateTimeOffset.FromUnixTimeMilliseconds(milliseconds))
            : null;
}

/// <summary>
/// Permissions that were changed so lately that tokens may still say otherwise. They are laid over what a token says, more and less alike, in every process
/// (<see cref="SharedNotices"/>). Whoever changes somebody's access tells it right after the commit and before the answer; auth tells it again when it hears
/// the message, for the case that the other one died in between.
/// </summary>
public sealed class ChangedAccess(TimeProvider clock, ILogger<ChangedAccess> logger, RedisClient? redis = null)
    : SharedNotices("eventfly:changed-access", clock, logger, redis)
{
    /// <summary>How long a change is laid over tokens: longer than an access token may be good, with time for auth to hear of it.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(70);

    private readonly TimeProvider clock = clock;
    private readonly ConcurrentDictionary<Guid, ImmutableDictionary<(Guid Organization, Guid? Event), Known>> byAccount = new();

    /// <summary>
    /// Holds here when it returns, and in every other process as soon as Redis tells them. Does not fail when Redis is away: then the others learn it
    /// later, at the latest with the next token.
    /// </summary>
    public Task Tell(AccessChange change, CancellationToken cancellationToken) => Tell(change.Write(), Lifetime, cancellationToken);

    /// <summary>The principal of a checked token as it is now; the same one when nothing about it changed.</summary>
    public ClaimsPrincipal Over(ClaimsPrincipal principal)
    {
        // Not asking whether it is empty first: for that a concurrent dictionary takes all its locks, and it is empty nearly always.
        if (principal.Identity is not TokenIdentity { User: { OrganizationId: { } organization } said } identity
            || !byAccount.TryGetValue(said.Id, out var changes))
        {
            return principal;
        }

        var now = clock.GetUtcNow();
        var user = said;
        foreach (var (change, end) in changes.Values)
        {
            if (change.OrganizationId == organization && end > now)
            {
                user = Over(user, change);
            }
        }

        if (ReferenceEquals(user, said))
        {
            return principal;
        }

        // Whoever left holds nothing at its events either, whatever was changed there.
        return new ClaimsPrincipal(identity.As(user.OrganizationId is null ? user with { EventPermissions = FrozenSet<EventPermission>.Empty } : user));
    }

    protected override void Heard(string notice, DateTimeOffset end)
    {
        if (AccessChange.Read(notice) is not { } change)
        {
            return;
        }

        var scope = (change.OrganizationId, change.EventId);
        byAccount.AddOrUpdate(
            change.AccountId,
            static (_, heard) => ImmutableDictionary<(Guid, Guid?), Known>.Empty.Add(heard.scope, heard.known),
            static (_, all, heard) => all.SetItem(heard.scope, all.TryGetValue(heard.scope, out var there) ? Later(there, heard.known) : heard.known),
            (scope, known: new Known(change, end)));
    }

    protected override void Gone(string notice)
    {
        if (AccessChange.Read(notice) is not { AccountId: var account } || !byAccount.TryGetValue(account, out var all))
        {
            return;
        }

        var now = clock.GetUtcNow();
        var left = all.RemoveRange(all.Where(known => known.Value.End <= now).Select(known => known.Key));
        // Whoever was faster knows more: what is over then goes with the next notice.
        if (left.IsEmpty)
        {
            byAccount.TryRemove(new KeyValuePair<Guid, ImmutableDictionary<(Guid, Guid?), Known>>(account, all));
        }
        else
        {
            byAccount.TryUpdate(account, left, all);
        }
    }

    private static CurrentUser Over(CurrentUser user, AccessChange change) => change switch
    {
        { EventId: { } eventId } => user with
        {
            EventPermissions = user.EventPermissions
                .Where(held => held.EventId != eventId)
                .Concat((change.Permissions ?? []).Select(permission => new EventPermission(eventId, permission)))
                .ToFrozenSet(),
        },
        { Permissions: { } permissions } => user with { Permissions = permissions.ToFrozenSet(StringComparer.Ordinal) },
        _ => user with { OrganizationId = null, Permissions = FrozenSet<string>.Empty },
    };

    /// <summary>The later decision, for as long as either is told: an earlier one that is told again must not come up again when the later one is over.</summary>
    private static Known Later(Known there, Known heard) =>
        (heard.Change.At >= there.Change.At ? heard : there) with { End = there.End > heard.End ? there.End : heard.End };

    private sealed record Known(AccessChange Change, DateTimeOffset End);
}
