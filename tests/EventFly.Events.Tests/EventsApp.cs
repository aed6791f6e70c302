using System.Net.Http.Json;
using EventFly.Testing;

namespace EventFly.Events.Tests;

/// <summary>The service as it runs, and the words of an organiser.</summary>
public sealed class EventsApp : ServiceApp<Program>
{
    public static readonly string[] All = ["event.edit", "ticket.manage"];

    public HttpClient Anybody => CreateClient();

    public HttpClient Organizer(Guid organizationId, params string[] permissions) =>
        CreateClient(TestUser.Organizer(organizationId, permissions.Length > 0 ? permissions : All));

    public Dictionary<string, object?> Body(string name = "Summer Night", double startsInDays = 30, double lastsHours = 5) => new()
    {
        ["name"] = name,
        ["description"] = "Music by the river.",
        ["startsAt"] = Clock.Now.AddDays(startsInDays),
        ["endsAt"] = Clock.Now.AddDays(startsInDays).AddHours(lastsHours),
        ["timeZone"] = "Europe/Berlin",
        ["venue"] = new { name = "Old Mill", address = "River Road 1", latitude = 52.5, longitude = 13.4 },
        ["onlineUrl"] = "https://stream.example.org/secret-room",
        ["bannerUrl"] = "https://example.org/banner.png",
        ["tags"] = new[] { "Open Air", "Jazz" },
        ["visibility"] = "public",
    };

    public static Dictionary<string, object?> Terms(long price = 2_500, int quantity = 100) => new()
    {
        ["name"] = "Regular", ["description"] = "One person.", ["price"] = price, ["currency"] = "EUR", ["quantity"] = quantity, ["perBuyerLimit"] = 10,
    };

    public async Task<Guid> Draft(HttpClient organizer, Dictionary<string, object?>? body = null, Guid? id = null)
    {
        var eventId = id ?? Guid.CreateVersion7();
        await (await organizer.PutAsJsonAsync($"/api/events/{eventId}", body ?? Body())).Created();
        return eventId;
    }

    public async Task<Guid> Published(HttpClient organizer, Dictionary<string, object?>? body = null, Guid? id = null)
    {
        var eventId = await Draft(organizer, body, id);
        await (await organizer.PutAsJsonAsync($"/api/events/{eventId}/ticket-types/{Guid.CreateVersion7()}", Terms())).Created();
        await (await organizer.PostAsync($"/api/events/{eventId}/publication", null)).Ok();
        return eventId;
    }
}

internal static class Requests
{
    public static Task<HttpResponseMessage> Send(
        this HttpClient client, HttpMethod method, string path, object? body = null, string? ifMatch = null, string? ifNoneMatch = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (ifNoneMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        }

        return client.SendAsync(request);
    }
}
