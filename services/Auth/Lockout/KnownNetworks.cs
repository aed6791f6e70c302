using System.Net;
using System.Security.Cryptography;
using System.Text;
using EventFly.Auth.Secrets;

namespace EventFly.Auth.Lockout;

/// <summary>A network that the owner of an account has signed in from.</summary>
/// <param name="Name">Tells nothing about where it is (<see cref="KnownNetworks.NameOf"/>).</param>
/// <param name="SeenAt">To the day.</param>
internal sealed record KnownNetwork(string Name, DateTimeOffset SeenAt)
{
    /// <summary>One that was not used for so long may belong to somebody else.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);
}

/// <summary>Names networks so that an account can remember them without its place being kept: with a key that is not in the database.</summary>
internal sealed class KnownNetworks(KeyProtection protection)
{
    private const int NameBytes = 12;

    private readonly Lazy<byte[]> key = new(() => protection.Derive("known-networks"));

    public string NameOf(Guid account, IPAddress? address) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key.Value, Encoding.UTF8.GetBytes($"{account} {Network.Of(address)}")).AsSpan(0, NameBytes));
}
