namespace Aspire.Hosting;

/// <summary>A service that runs somewhere else.</summary>
public sealed class ExternalServiceResource : Resource
{
    /// <summary>At a known address.</summary>
    /// <exception cref="ArgumentException">The address is not absolute.</exception>
    public ExternalServiceResource(string name, Uri uri)
        : base(name)
    {
        if (!uri.IsAbsoluteUri) throw new ArgumentException($"The address of '{name}' must be absolute.", nameof(uri));
        Uri = uri;
    }

    /// <summary>At an address that whoever starts the application sets.</summary>
    public ExternalServiceResource(string name, ParameterResource urlParameter)
        : base(name) => UrlParameter = urlParameter;

    /// <summary>The address, if it is known.</summary>
    public Uri? Uri { get; }

    /// <summary>The parameter that has the address.</summary>
    public ParameterResource? UrlParameter { get; }

    internal object Value => Uri is { } uri ? uri.ToString() : UrlParameter!;
}
