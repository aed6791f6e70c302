using System.Net.Http.Headers;
using System.Net.Http.Json;
using EventFly.BuildingBlocks;
using EventFly.Testing;

namespace EventFly.Organizations.Tests;

public sealed class OrganizationsApp : ServiceApp<Program>
{
    /// <summary>Somebody who has just signed up as an organiser: their token knows no organisation.</summary>
    public static TestUser NewOrganizer() => new(Guid.CreateVersion7(), ["organizer"], null, []);

    public static TestUser Platform => new(Guid.CreateVersion7(), ["platform-admin"], null, []);

    public Task<HttpResponseMessage> Create(TestUser user, Guid id, object profile) => Send(user, HttpMethod.Put, $"/{id}", profile);

    public Task<HttpResponseMessage> Change(TestUser user, Guid id, object profile, string? etag) =>
        Send(user, HttpMethod.Put, $"/{id}/profile", profile, etag);

    public async Task<HttpResponseMessage> Send(TestUser? user, HttpMethod method, string path, object? body = null, string? etag = null)
    {
        using var client = user is null ? CreateClient() : CreateClient(user);
        using var request = new HttpRequestMessage(method, $"/api/organizations{path}") { Content = body is null ? null : JsonContent.Create(body) };
        if (etag is not null)
        {
            (method == HttpMethod.Get ? request.Headers.IfNoneMatch : request.Headers.IfMatch).Add(EntityTagHeaderValue.Parse(etag));
        }

        return await client.SendAsync(request);
    }

    public static async Task<T> Read<T>(HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return (await response.Content.ReadFromJsonAsync<T>(EventFlyJson.Options))!;
    }

    public static async Task<Problem> Problem(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return (await response.Content.ReadFromJsonAsync<Problem>(EventFlyJson.Options))!;
    }
}

public sealed record Organization(
    Guid Id, string Name, string? Description = null, string? Website = null, string? ContactEmail = null, string? Country = null, DateTimeOffset CreatedAt = default);

public sealed record Organizations(Organization[] Items);

public sealed record Problem(string Code, string Detail, Dictionary<string, string[]>? Errors = null);
