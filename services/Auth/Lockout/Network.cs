using System.Net;
using System.Net.Sockets;

namespace EventFly.Auth.Lockout;

/// <summary>Where a request comes from, as coarse as one subscriber is.</summary>
internal static class Network
{
    /// <summary>One subscriber's IPv6 network is a /64, and they choose freely among its addresses.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily is AddressFamily.InterNetworkV6 ? new IPAddress([.. plain.GetAddressBytes()[..8], .. new byte[8]]).ToString() : plain.ToString();
    }
}
