namespace Aspire.Hosting.ApplicationModel;

/// <summary>Which image a container is made of.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    /// <summary>Registry host; null means the engine's default.</summary>
    public string? Registry { get; set; }

    /// <summary>Name of the image.</summary>
    public required string Image { get; set; }

    /// <summary>Tag; null means <c>latest</c>.</summary>
    public string? Tag { get; set; }
}

/// <summary>Kinds of mounts.</summary>
public enum ContainerMountType
{
    /// <summary>A folder or file of this machine.</summary>
    BindMount,

    /// <summary>A volume of the engine.</summary>
    Volume,
}

/// <summary>A mount of a container.</summary>
public sealed class ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly) : IResourceAnnotation
{
    /// <summary>Path or volume name; null for a nameless volume.</summary>
    public string? Source { get; } = source;

    /// <summary>Path in the container.</summary>
    public string Target { get; } = target;

    /// <summary>Folder or volume.</summary>
    public ContainerMountType Type { get; } = type;

    /// <summary>Whether the container cannot write there.</summary>
    public bool IsReadOnly { get; } = isReadOnly;
}

/// <summary>How long a container lives.</summary>
public enum ContainerLifetime
{
    /// <summary>As long as the application.</summary>
    Session,

    /// <summary>It stays when the application ends.</summary>
    Persistent,
}

/// <summary>How long a container lives.</summary>
public sealed class ContainerLifetimeAnnotation : IResourceAnnotation
{
    /// <summary>With the application or longer.</summary>
    public ContainerLifetime Lifetime { get; set; }
}

/// <summary>The name of a container in its engine.</summary>
public sealed class ContainerNameAnnotation : IResourceAnnotation
{
    /// <summary>The name.</summary>
    public required string Name { get; set; }
}

/// <summary>What runs instead of the container where no engine does: a program from PATH.</summary>
/// <param name="Command">Name of the program.</param>
/// <param name="Install">Command that installs it on Debian or Ubuntu.</param>
/// <param name="Arguments">Its arguments, for the port, the folder to keep data in (null: keep nothing) and a folder of its own for this run.</param>
internal sealed record ProgramAnnotation(string Command, string Install, Func<int, string?, string, IEnumerable<object>> Arguments)
    : IResourceAnnotation;
