using EventFly.Auth.Codes;
using EventFly.Auth.Lockout;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Auth.Accounts;

/// <summary>Where its owner signs in from, and what happens when others try to.</summary>
internal sealed partial record Account
{
    private const int MostNetworks = 20;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The last used first.</summary>
    public IReadOnlyList<KnownNetwork> KnownNetworks { get; init; } = [];

    /// <summary>When the owner was last told that somebody guesses their password.</summary>
    public DateTimeOffset? AttackToldAt { get; init; }

    public bool Knows(string network, DateTimeOffset now) => KnownNetworks.Any(known => known.Name == network && known.SeenAt > now - KnownNetwork.Lifetime);

    /// <summary>To the day: most sign-ins write nothing.</summary>
    public bool Remembers(string network, DateTimeOffset now) => KnownNetworks.Any(known => known.Name == network && known.SeenAt > now - Day);

    public Change<Account> Remember(string network, DateTimeOffset now) => Remembers(network, now)
        ? Decision.Nothing
        : this with { KnownNetworks = [new KnownNetwork(network, now), .. KnownNetworks.Where(known => known.Name != network).Take(MostNetworks - 1)] };

    public bool IsToBeTold(DateTimeOffset now) => AttackToldAt is not { } told || told <= now - Day;

    public Change<Account> TellOfAttack(DateTimeOffset now, object mail) =>
        IsToBeTold(now) ? Change.To(this with { AttackToldAt = now }, mail) : Decision.Nothing;

    /// <summary>
    /// A new password, chosen by somebody who can read the owner's mail: so the address is theirs, and whoever was signed in is not any more.
    /// </summary>
    public Change<Account> ResetPassword(string newHash, DateTimeOffset now, object notice) => Change.To(
        this with
        {
            PasswordHash = newHash,
            SessionEpoch = SessionEpoch + 1,
            KeptSession = null,
            EmailVerifiedAt = EmailVerifiedAt ?? now,
            Verification = MailedCode.None,
            EmailChange = null,
        },
        notice);
}
