using System.Text.Json;

namespace EventFly.Storage.MongoDb.Tests;

/// <summary>The test data of https://github.com/mongodb/specifications, from the checkout that MONGODB_SPECS names.</summary>
internal static class Specifications
{
    /// <summary>The JSON files of a folder below <c>source</c>; skips the test with a sentence where there is no checkout.</summary>
    public static IEnumerable<(string File, JsonElement Test)> Files(string folder)
    {
        var root = Environment.GetEnvironmentVariable("MONGODB_SPECS");
        Assert.SkipWhen(string.IsNullOrEmpty(root), "MONGODB_SPECS names no checkout of github.com/mongodb/specifications: its test data was not run.");
        var path = new[] { Path.Combine(root!, "source", folder), Path.Combine(root!, folder) }.FirstOrDefault(Directory.Exists);
        Assert.True(path is not null, $"{root} has no folder {folder}.");
        return Directory.GetFiles(path!, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(file))));
    }

    public static IEnumerable<JsonElement> Array(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var array) && array.ValueKind is JsonValueKind.Array ? array.EnumerateArray() : [];
}
