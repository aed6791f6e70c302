using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EventFly.Storage.MongoDb.Client;

/// <summary>What a TLS connection trusts and shows.</summary>
internal sealed class Tls
{
    private readonly MongoUri uri;
    private readonly X509Certificate2Collection? authorities;
    private readonly X509Certificate2Collection mine = [];

    public Tls(MongoUri uri)
    {
        this.uri = uri;
        if (uri.TlsCaFile is { } file)
        {
            authorities = [];
            Load("tlsCAFile", file, () => authorities.ImportFromPemFile(file));
            if (authorities.Count == 0)
            {
                throw new FormatException($"The file {file} (tlsCAFile) holds no certificate.");
            }
        }

        if (uri.TlsCertificateKeyFile is { } keyFile)
        {
            Load("tlsCertificateKeyFile", keyFile, () => mine.Add(uri.TlsCertificateKeyFilePassword is { } password
                ? X509Certificate2.CreateFromEncryptedPemFile(keyFile, password)
                : X509Certificate2.CreateFromPemFile(keyFile)));
        }
    }

    public async Task<Stream> Wrap(Stream stream, string host, CancellationToken cancellationToken)
    {
        var secured = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            await secured.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    ClientCertificates = mine.Count > 0 ? mine : null,
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors),
                },
                cancellationToken);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }

    private static void Load(string option, string file, Action load)
    {
        try
        {
            load();
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FormatException($"The file {file} ({option}) cannot be used: {unreadable.Message}");
        }
    }

    private bool IsTrusted(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return false;
        }

        if (uri.TlsAllowInvalidHostnames)
        {
            errors &= ~SslPolicyErrors.RemoteCertificateNameMismatch;
        }

        if (uri.TlsAllowInvalidCertificates)
        {
            errors &= ~SslPolicyErrors.RemoteCertificateChainErrors;
        }
        else if (authorities is not null && (errors & SslPolicyErrors.RemoteCertificateNotAvailable) == 0)
        {
            using var own = new X509Chain();
            own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            own.ChainPolicy.CustomTrustStore.AddRange(authorities);
            own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            foreach (var sent in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            {
                own.ChainPolicy.ExtraStore.Add(sent.Certificate);
            }

            using var copy = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
            errors = own.Build(copy) ? errors & ~SslPolicyErrors.RemoteCertificateChainErrors : errors | SslPolicyErrors.RemoteCertificateChainErrors;
        }

        return errors == SslPolicyErrors.None;
    }
}
