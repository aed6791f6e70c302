namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something whose text is known only while the application runs, such as a port or a parameter.</summary>
public interface IValueProvider
{
    /// <summary>The value; waits until it is known, for example until an endpoint has its port.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <summary>The value as seen by <see cref="ValueProviderContext.Caller"/>.</summary>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) =>
        GetValueAsync(cancellationToken);
}

/// <summary>Who asks for a value.</summary>
public class ValueProviderContext
{
    /// <summary>The kind of execution; only running is supported.</summary>
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }

    /// <summary>The resource whose arguments or environment are being written.</summary>
    public IResource? Caller { get; init; }
}

/// <summary>Something that has a placeholder form, such as <c>{redis.bindings.tcp.port}</c>.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The placeholder.</summary>
    string ValueExpression { get; }
}

/// <summary>A value that has both a text and a placeholder.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;

/// <summary>A value that is made of others.</summary>
public interface IValueWithReferences
{
    /// <summary>What the value refers to.</summary>
    IEnumerable<object> References { get; }
}
