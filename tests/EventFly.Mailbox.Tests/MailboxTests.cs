using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventFly.Testing;

namespace EventFly.Mailbox.Tests;

public sealed class MailboxTests : IAsyncLifetime
{
    private readonly NatsServer nats = new();
    private Sender sender = null!;

    public async ValueTask InitializeAsync()
    {
        await nats.Start();
        sender = new Sender(nats.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        sender.Dispose();
        await nats.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_that_a_service_asks_for_can_be_read()
    {
        using var mailbox = new MailboxApp(nats.ConnectionString);

        var id = await sender.Send("ada@example.org", "Your code", "It is 4711.\nEnter it at https://tickets.example/verify?a=1&b=2.");

        await Eventually.True(async () => (await mailbox.Mails()).Count == 1);
        var mail = (await mailbox.Mails()).Single();
        Assert.Equal((id, "ada@example.org", "verify-email", "Your code"), (mail.Id, mail.To, mail.Kind, mail.Subject));
        Assert.Contains("4711", mail.Text, StringComparison.Ordinal);
        Assert.Contains($"<a href=\"/mails/{id}\">Your code</a>", await mailbox.Page("/"), StringComparison.Ordinal);
        var page = await mailbox.Page($"/mails/{id}");
        Assert.Contains("It is 4711.\nEnter it at <a href=\"https://tickets.example/verify?a=1&amp;b=2\" rel=\"noreferrer\">", page, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mails_are_found_by_address_the_newest_first()
    {
        using var mailbox = new MailboxApp(nats.ConnectionString);
        await sender.Send("ada@example.org", "First");
        await sender.Send("bob@example.org", "Second");
        await sender.Send("ada@example.org", "Third");
        await sender.Send("ada@example.org", "Came late", at: DateTimeOffset.UnixEpoch);

        await Eventually.True(async () => (await mailbox.Mails()).Count == 4);

        Assert.Equal(["Third", "First", "Came late"], (await mailbox.Mails("?to=ADA@example.org")).Select(mail => mail.Subject));
        Assert.Equal(["Third"], (await mailbox.Mails("?to=ada@example.org&limit=1")).Select(mail => mail.Subject));
        Assert.Empty(await mailbox.Mails("?to=ada"));
        var page = await mailbox.Page("/?to=bob");
        Assert.Contains("Second", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Third", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_comes_twice_is_there_once()
    {
        using var mailbox = new MailboxApp(nats.ConnectionString);
        var id = Guid.CreateVersion7();
        await sender.Send("ada@example.org", "First", id: id);
        await sender.Send("ada@example.org", "Again", id: id);
        await sender.Send("ada@example.org", "Last");

        await Eventually.True(async () => (await mailbox.Mails()).Any(mail => mail.Subject == "Last"));

        Assert.Equal(["Last", "First"], (await mailbox.Mails()).Select(mail => mail.Subject));
    }

    [Fact]
    public async Task The_oldest_mails_make_room_for_new_ones()
    {
        using var mailbox = new MailboxApp(nats.ConnectionString, keep: 3);
        var first = await sender.Send("ada@example.org", "1");
        foreach (var number in Enumerable.Range(2, 4))
        {
            await sender.Send("ada@example.org", $"{number}");
        }

        await Eventually.True(async () => (await mailbox.Mails()) is [{ Subject: "5" }, ..]);

        Assert.Equal(["5", "4", "3"], (await mailbox.Mails()).Select(mail => mail.Subject));
        using var gone = await mailbox.Http.GetAsync(new Uri($"/api/mails/{first}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal("unknown-mail", (await gone.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        using var page = await mailbox.Http.GetAsync(new Uri($"/mails/{first}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }

    [Fact]
    public async Task Mails_that_were_sent_while_the_mailbox_was_away_are_there_when_it_is_back()
    {
        using (var before = new MailboxApp(nats.ConnectionString))
        {
            await sender.Send("ada@example.org", "Before");
            await Eventually.True(async () => (await before.Mails()).Count == 1);
        }

        await sender.Send("ada@example.org", "Meanwhile");

        using var after = new MailboxApp(nats.ConnectionString);
        await Eventually.True(async () => (await after.Mails()).Any(mail => mail.Subject == "Meanwhile"));
    }

    [Fact]
    public async Task Nothing_of_a_mail_becomes_markup()
    {
        const string Evil = "\"><script>alert(1)</script>";
        using var mailbox = new MailboxApp(nats.ConnectionString);
        var id = await sender.Send($"{Evil}@example.org", Evil, $"{Evil} https://x.example/\"onclick=alert(1)> javascript:alert(1)");
        await Eventually.True(async () => (await mailbox.Mails()).Count == 1);

        foreach (var path in (string[])["/", $"/mails/{id}", $"/?to={Uri.EscapeDataString(Evil)}", $"/?to={Uri.EscapeDataString(Evil + "none")}"])
        {
            var page = await mailbox.Page(path);
            Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("\"onclick", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("href=\"javascript", page, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        }

        using var response = await mailbox.Http.GetAsync(new Uri("/", UriKind.Relative));
        Assert.StartsWith("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_was_sealed_with_another_key_says_so_instead_of_its_text()
    {
        using var mailbox = new MailboxApp(nats.ConnectionString);
        var id = await sender.Send("ada@example.org", "Your code", key: ServiceKey.Theirs);

        await Eventually.True(async () => (await mailbox.Mails()).Count == 1);

        var mail = (await mailbox.Mails()).Single();
        Assert.Equal("", mail.To);
        Assert.Contains("give all services one Mail:KeyFile", mail.Problem, StringComparison.Ordinal);
        Assert.Contains("(cannot be opened)", await mailbox.Page("/"), StringComparison.Ordinal);
        Assert.Contains("give all services one Mail:KeyFile", await mailbox.Page($"/mails/{id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_mailbox_can_be_emptied()
    {
        using var mailbox = new MailboxApp(nats.ConnectionString);
        await sender.Send("ada@example.org");
        await Eventually.True(async () => (await mailbox.Mails()).Count == 1);

        using var deleted = await mailbox.Http.DeleteAsync(new Uri("/api/mails", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(await mailbox.Mails());

        await sender.Send("ada@example.org");
        await Eventually.True(async () => (await mailbox.Mails()).Count == 1);
        using var posted = await Post(mailbox, origin: mailbox.Http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.SeeOther, posted.StatusCode);
        Assert.Contains("No mail yet", await mailbox.Page("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreign_pages_and_foreign_names_of_this_machine_are_refused()
    {
        using var mailbox = new MailboxApp(nats.ConnectionString);
        await sender.Send("ada@example.org");
        await Eventually.True(async () => (await mailbox.Mails()).Count == 1);

        using var posted = await Post(mailbox, origin: "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, posted.StatusCode);
        using var renamed = new HttpRequestMessage(HttpMethod.Get, "/api/mails") { Headers = { Host = "evil.example" } };
        using var answer = await mailbox.Http.SendAsync(renamed);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Single(await mailbox.Mails());
    }

    [Theory]
    [InlineData("/api/mails?limit=0", 400)]
    [InlineData("/api/mails?limit=1001", 400)]
    [InlineData("/api/mails?limit=many", 400)]
    [InlineData("/api/mails/4711", 404)]
    [InlineData("/health", 200)]
    [InlineData("/alive", 200)]
    [InlineData("/metrics", 200)]
    [InlineData("/style.css", 200)]
    public async Task Other_requests_have_their_answers(string path, int status)
    {
        using var mailbox = new MailboxApp(nats.ConnectionString);
        using var answer = await mailbox.Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(status, (int)answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> Post(MailboxApp mailbox, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/empty") { Headers = { { "Origin", origin } } };
        return await mailbox.Http.SendAsync(request);
    }
}
