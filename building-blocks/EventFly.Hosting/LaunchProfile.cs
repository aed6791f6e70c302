using System.Text.Json;

namespace Aspire.Hosting;

/// <summary>What a project's launchSettings.json says about a start: variables, addresses, arguments.</summary>
internal sealed record LaunchProfile(string? CommandName, string? ApplicationUrl, string? CommandLineArgs, Dictionary<string, string>? EnvironmentVariables)
{
    private sealed record LaunchSettings(Dictionary<string, LaunchProfile>? Profiles);

    private static readonly JsonSerializerOptions _reading = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
    };

    public static LaunchProfile? Read(string projectPath, ProjectResourceOptions options)
    {
        if (options.ExcludeLaunchProfile) return null;
        var file = Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(file)) return null;

        try
        {
            using var stream = File.OpenRead(file);
            var profiles = JsonSerializer.Deserialize<LaunchSettings>(stream, _reading)?.Profiles ?? [];
            if (options.LaunchProfileName is not { } name) return profiles.Values.FirstOrDefault(profile => profile.CommandName == "Project");
            return profiles.GetValueOrDefault(name)
                ?? throw new DistributedApplicationException($"{file} has no profile '{name}'.");
        }
        catch (JsonException error)
        {
            throw new DistributedApplicationException($"{file} cannot be read: {error.Message}", error);
        }
    }

    public void ApplyTo(IResourceBuilder<ProjectResource> project)
    {
        foreach (var (name, value) in EnvironmentVariables ?? []) project.WithEnvironment(name, value);
        if (!string.IsNullOrWhiteSpace(CommandLineArgs)) project.WithArgs(CommandLineArgs.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        foreach (var url in (ApplicationUrl ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == "http") project.WithHttpEndpoint(port: address.Port);
        }
    }
}
