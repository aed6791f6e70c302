using System.Text.Json;
using EventFly.Prove.Plan;

namespace EventFly.Prove.Rush;

/// <summary>What is done before the door opens: accounts, an organisation, an event on sale.</summary>
internal sealed class Opening(Door door, Shop shop, TimeProvider clock)
{
    private const int SignUpsAtOnce = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Returns the organiser's token once tickets can be held.</summary>
    public async Task<string> OpenSale(CancellationToken cancellationToken)
    {
        var organizer = await Do(HttpMethod.Post, "/api/auth/organizers", null, SignUp("organizer"), cancellationToken);
        await Do(HttpMethod.Put, $"/api/organizations/{shop.OrganizationId}", Token(organizer), new { name = "Riverside" }, cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (!organizer.GetProperty("account").TryGetProperty("organizationId", out var organization) || organization.ValueKind is JsonValueKind.Null)
        {
            await Task.Delay(100, patience.Token);
            organizer = await Do(
                HttpMethod.Post, "/api/auth/sessions/refresh", null, new { refreshToken = organizer.GetProperty("refreshToken").GetString() }, patience.Token);
        }

        var token = Token(organizer);
        var startsAt = clock.GetUtcNow().AddDays(30);
        await Do(HttpMethod.Put, $"/api/events/{shop.EventId}", token, new
        {
            name = "Summer Night", description = "", startsAt, endsAt = startsAt.AddHours(4), timeZone = "Europe/Berlin", venue = new { name = "Old Mill" }, visibility = "public",
        }, patience.Token);
        foreach (var quota in shop.Quotas)
        {
            await Do(HttpMethod.Put, $"/api/events/{shop.EventId}/quotas/{quota.Id}", token, new { name = quota.Name, capacity = quota.Capacity }, patience.Token);
        }

        foreach (var type in shop.Types)
        {
            await Do(
                HttpMethod.Put, $"/api/events/{shop.EventId}/ticket-types/{type.Id}", token,
                new { name = type.Name, price = type.Price, currency = "EUR", quantity = type.Quantity, quotaIds = type.Quotas }, patience.Token);
        }

        await Do(HttpMethod.Post, $"/api/events/{shop.EventId}/publication", token, null, patience.Token);
        while (!(await door.Send(HttpMethod.Get, $"/api/participants/events/{shop.EventId}/availability", null, null, patience.Token)).IsYes)
        {
            await Task.Delay(100, patience.Token);
        }

        return token;
    }

    /// <summary>One account acts for many clients: a sign-up costs a password hash, and selling is what is tried here.</summary>
    public async Task<string[]> SignUpBuyers(CancellationToken cancellationToken)
    {
        var tokens = new string[RunPlan.Accounts];
        await Parallel.ForAsync(0, tokens.Length, new ParallelOptions { MaxDegreeOfParallelism = SignUpsAtOnce, CancellationToken = cancellationToken }, async (number, stop) =>
            tokens[number] = Token(await Do(HttpMethod.Post, "/api/auth/participants", null, SignUp($"buyer-{number}"), stop)));
        return tokens;
    }

    private async Task<JsonElement> Do(HttpMethod method, string path, string? token, object? body, CancellationToken cancellationToken)
    {
        var answer = await door.Send(method, path, token, body, cancellationToken);
        return answer.IsYes ? answer.Body : throw new InvalidOperationException($"The sale could not be opened: {method} {path} was answered {answer.Status} {answer.Said}");
    }

    private static object SignUp(string name) => new { email = $"{name}@example.org", password = "correct horse battery", name };

    private static string Token(JsonElement signedIn) => signedIn.GetProperty("accessToken").GetString()!;
}
