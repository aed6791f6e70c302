using System.Text.Json;

namespace EventFly.StripeSimulator.Tests;

/// <summary>Stripe's own example objects; the file names its source.</summary>
internal static class StripeFixtures
{
    private static readonly JsonElement All =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "stripe-fixtures.json"))).RootElement;

    public static JsonElement Of(string kind) => All.GetProperty("resources").GetProperty(kind);
}
