using System.Buffers.Binary;

namespace EventFly.Participants.Tickets;

/// <summary>
/// What a ticket's QR code says: <c>EF1.</c> and, in base32 (RFC 4648, no padding), 36 bytes that are signed and the 64 bytes of their ES256
/// signature (r and s, IEEE P1363). Capital letters and digits only, so that a QR code stays small. All integers are big-endian:
/// key number (2), version (2), ticket id (16), event id (16).
/// </summary>
/// <param name="Version">Grows when a ticket gets a new code; older ones admit nobody.</param>
internal sealed record TicketCode(int KeyNumber, int Version, Guid TicketId, Guid EventId)
{
    public const string Prefix = "EF1.";

    public const int SignedBytes = 36;

    public const int SignatureBytes = 64;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Length of each code, in characters.</summary>
    public static int Length { get; } = Prefix.Length + ((((SignedBytes + SignatureBytes) * 8) + 4) / 5);

    public byte[] ToSign()
    {
        var bytes = new byte[SignedBytes];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, checked((ushort)KeyNumber));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), checked((ushort)Version));
        TicketId.TryWriteBytes(bytes.AsSpan(4), bigEndian: true, out _);
        EventId.TryWriteBytes(bytes.AsSpan(20), bigEndian: true, out _);
        return bytes;
    }

    public static string Write(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        Span<byte> bytes = stackalloc byte[SignedBytes + SignatureBytes];
        signed.CopyTo(bytes);
        signature.CopyTo(bytes[SignedBytes..]);
        return Prefix + ToBase32(bytes);
    }

    /// <summary>Takes a code apart. Says nothing about its signature.</summary>
    public static bool TryRead(string text, out TicketCode code, out byte[] signed, out byte[] signature)
    {
        (code, signed, signature) = (null!, [], []);
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var bytes = new byte[SignedBytes + SignatureBytes];
        if (!TryFromBase32(text.AsSpan(Prefix.Length), bytes))
        {
            return false;
        }

        (signed, signature) = (bytes[..SignedBytes], bytes[SignedBytes..]);
        code = new TicketCode(
            BinaryPrimitives.ReadUInt16BigEndian(bytes),
            BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(2)),
            new Guid(bytes.AsSpan(4, 16), bigEndian: true),
            new Guid(bytes.AsSpan(20, 16), bigEndian: true));
        return true;
    }

    private static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[((bytes.Length * 8) + 4) / 5];
        var (buffer, bits, written) = (0, 0, 0);
        foreach (var value in bytes)
        {
            buffer = (buffer << 8) | value;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[written++] = Alphabet[(buffer >> bits) & 31];
            }

            buffer &= (1 << bits) - 1;
        }

        if (bits > 0)
        {
            text[written] = Alphabet[(buffer << (5 - bits)) & 31];
        }

        return new string(text);
    }

    private static bool TryFromBase32(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        var (buffer, bits, written) = (0, 0, 0);
        foreach (var character in text)
        {
            var value = Alphabet.IndexOf(char.ToUpperInvariant(character), StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            buffer = (buffer << 5) | value;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[written++] = (byte)(buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }

        // What is left over is padding and must be zero, or two texts would be one code.
        return written == bytes.Length && buffer == 0;
    }
}
