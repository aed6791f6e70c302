using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.Participants.Tickets;

/// <summary>Signs ticket codes and knows its own signature again. The key is made at the first start and kept beside the tickets.</summary>
internal sealed class TicketSigner(Documents<TicketKey> keys, TimeProvider clock) : IHostedService, IDisposable
{
    private const int KeyNumber = 1;

    // One key is not made for several threads at once.
    private readonly Lock gate = new();
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The public key, as door devices get it.</summary>
    public (int Number, ECPoint Point) PublicKey
    {
        get
        {
            lock (gate)
            {
                return (KeyNumber, key.ExportParameters(includePrivateParameters: false).Q);
            }
        }
    }

    public string Sign(Guid ticketId, Guid eventId, int version)
    {
        var signed = new TicketCode(KeyNumber, version, ticketId, eventId).ToSign();
        lock (gate)
        {
            return TicketCode.Write(signed, key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }
    }

    /// <summary>A JSON Web Signature (ES256) that does not carry what it signs: RFC 7515, appendix F.</summary>
    /// <param name="type">Says what is signed, so that nothing that was signed for one purpose serves another.</param>
    public string SignDetached(ReadOnlySpan<byte> content, string type)
    {
        var header = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(
            new { alg = "ES256", kid = KeyNumber.ToString(CultureInfo.InvariantCulture), typ = type }));
        var signed = Encoding.ASCII.GetBytes($"{header}.{Base64Url.EncodeToString(content)}");
        lock (gate)
        {
            return $"{header}..{Base64Url.EncodeToString(key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))}";
        }
    }

    public bool IsOurs(TicketCode code, byte[] signed, byte[] signature)
    {
        lock (gate)
        {
            return code.KeyNumber == KeyNumber
                && key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Of several processes that start at once, one writes; all use what is written.
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var first = new TicketKey(KeyNumber, Convert.ToBase64String(fresh.ExportPkcs8PrivateKey()), clock.GetUtcNow());
        var (kept, refusal) = await keys.Change(
            KeyNumber.ToString(CultureInfo.InvariantCulture), current => current is null ? first : Decision.Nothing, cancellationToken);
        if (kept is null)
        {
            throw new InvalidOperationException($"The key for ticket codes cannot be read: {refusal?.Code}.");
        }

        lock (gate)
        {
            key.ImportPkcs8PrivateKey(Convert.FromBase64String(kept.Body.PrivateKey), out _);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => key.Dispose();
}
