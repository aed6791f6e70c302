using System.Text.Json;

namespace EventFly.Testing;

/// <summary>What a service answered, or else the end of the test with all that it said.</summary>
public static class Answers
{
    public static Task<JsonElement> Ok(this HttpResponseMessage response) => response.Is(200);

    public static Task<JsonElement> Created(this HttpResponseMessage response) => response.Is(201);

    /// <returns>The body; undefined where it is empty.</returns>
    public static async Task<JsonElement> Is(this HttpResponseMessage response, params int[] statuses)
    {
        var text = await response.Content.ReadAsStringAsync();
        return !statuses.Contains((int)response.StatusCode) ? throw new InvalidOperationException($"{(int)response.StatusCode} instead of {string.Join(" or ", statuses)}: {text}")
            : text.Length == 0 ? default
            : JsonDocument.Parse(text).RootElement;
    }

    /// <returns>The problem.</returns>
    public static async Task<JsonElement> Refused(this HttpResponseMessage response, int status, string code)
    {
        var problem = await response.Is(status);
        var said = (Type: response.Content.Headers.ContentType?.MediaType, Code: problem.Text("code"));
        return said == ("application/problem+json", code) ? problem : throw new InvalidOperationException($"{said} instead of a problem with the code {code}");
    }

    public static string ETag(this HttpResponseMessage response) => response.Headers.ETag?.ToString() ?? throw new InvalidOperationException("There is no ETag.");

    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;

    public static JsonElement[] Items(this JsonElement page) => [.. page.GetProperty("items").EnumerateArray()];
}
