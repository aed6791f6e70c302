using System.Net;
using System.Net.Http.Json;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Mail;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Mailbox.Mails;
using EventFly.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EventFly.Mailbox.Tests;

/// <summary>The mailbox as it runs, on a free port of this machine and on a real bus.</summary>
public sealed class MailboxApp : WebApplicationFactory<Program>
{
    private readonly string bus;
    private readonly int keep;

    public MailboxApp(string bus, int keep = 10_000)
    {
        (this.bus, this.keep) = (bus, keep);
        UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        StartServer();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = ClientOptions.BaseAddress };
    }

    public HttpClient Http { get; }

    public async Task<IReadOnlyList<ReceivedMail>> Mails(string query = "") =>
        (await Http.GetFromJsonAsync<ListOfMails>(new Uri($"/api/mails{query}", UriKind.Relative), EventFlyJson.Options))!.Items;

    public async Task<string> Page(string path) => await Http.GetStringAsync(new Uri(path, UriKind.Relative));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("ConnectionStrings:nats", bus);
        builder.UseSetting("Mail:Key", ServiceKey.Ours);
        builder.UseSetting("Mailbox:Keep", $"{keep}");
        builder.UseSetting("Logging:LogLevel:Default", "Error");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Http?.Dispose();
        base.Dispose(disposing);
    }

    private sealed record ListOfMails(IReadOnlyList<ReceivedMail> Items);
}

internal static class ServiceKey
{
    public static readonly string Ours = ServiceApp<Program>.MailKey;
    public static readonly string Theirs = Convert.ToBase64String(new byte[32]);
}

/// <summary>A service that sends mails, on the real bus.</summary>
internal sealed class Sender : IDisposable
{
    private readonly IHost host;
    private long sequence;

    public Sender(string bus)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "sender" });
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:nats", bus)]);
        builder.AddNatsClient("nats");
        host = builder.Build();
    }

    public async Task<Guid> Send(
        string to, string subject = "Hello", string text = "Welcome.", Guid? id = null, string? key = null, string kind = "verify-email", DateTimeOffset? at = null)
    {
        var mailId = id ?? Guid.CreateVersion7();
        var seal = new MailSeal(Options.Create(new MailOptions { Key = key ?? ServiceKey.Ours }));
        var when = at ?? DateTimeOffset.UnixEpoch.AddSeconds(++sequence);
        await host.Services.GetRequiredService<IBus>().Publish(
            Envelope.Wrap(seal.Seal(mailId, kind, new BuildingBlocks.Mail.Mail(to, subject, text)), "0190c0de000070008000000000000009", sequence, when), TestContext.Current.CancellationToken);
        return mailId;
    }

    public void Dispose() => host.Dispose();
}
