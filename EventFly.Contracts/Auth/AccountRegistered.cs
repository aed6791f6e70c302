namespace EventFly.Contracts.Auth;

/// <summary>Somebody has an account now.</summary>
/// <param name="Role">participant, organizer or staff.</param>
[Contract("auth", "AccountRegistered")]
public sealed record AccountRegistered(Guid AccountId, string Role);
