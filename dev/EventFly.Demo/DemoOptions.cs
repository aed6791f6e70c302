namespace EventFly.Demo;

/// <summary>Where to go, and where to leave the tickets.</summary>
internal sealed record DemoOptions(Uri Gateway, string Out)
{
    private const string Usage = """
        usage: ./eventfly demo [--gateway <url>] [--out <folder>]

          --gateway <url>   the running system's gateway (default: EVENTFLY_GATEWAY, else http://localhost:8080)
          --out <folder>    where the ticket's QR code is saved (default: a new folder under the temp directory)
        """;

    public static (DemoOptions? Options, string? Fault) Read(string[] args, Func<string, string?> environment)
    {
        var gateway = environment("EVENTFLY_GATEWAY") is { Length: > 0 } named ? named : "http://localhost:8080";
        string? folder = null;
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--gateway" when i + 1 < args.Length:
                    gateway = args[++i];
                    break;
                case "--out" when i + 1 < args.Length:
                    folder = args[++i];
                    break;
                default:
                    return (null, Usage);
            }
        }

        return Uri.TryCreate(gateway, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? (new DemoOptions(address, folder ?? Path.Combine(Path.GetTempPath(), $"eventfly-demo-{Guid.CreateVersion7():N}")), null)
            : (null, $"{gateway} is no address of a gateway: give one like http://localhost:8080.");
    }
}
