using System.Net.Http.Headers;
using EventFly.BuildingBlocks.Messaging;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EventFly.Testing;

/// <summary>
/// One service as it runs, with real HTTP handling and a real SQLite file in a folder of its own; the bus is <see cref="RecordingBus"/>, the clock a
/// <see cref="FakeClock"/>, tokens come from <see cref="Tokens"/>, Redis is away. Derive from it for a service's own settings.
/// </summary>
/// <typeparam name="TProgram">The service's Program.</typeparam>
public class ServiceApp<TProgram> : WebApplicationFactory<TProgram>
    where TProgram : class
{
    /// <summary>What fixtures seal mails with: 32 bytes in base64.</summary>
    public static readonly string MailKey = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray());

    private readonly string folder = Directory.CreateTempSubdirectory("eventfly-test-").FullName;

    public ServiceApp()
    {
        Bus = new RecordingBus(Clock);
        Tokens = new TestTokens(Clock);
    }

    public FakeClock Clock { get; } = new();

    public RecordingBus Bus { get; }

    public TestTokens Tokens { get; }

    /// <summary>A folder that goes with the fixture.</summary>
    public string Folder => folder;

    /// <summary>The service's name: <c>participants</c> for EventFly.Participants.</summary>
    protected virtual string Service => typeof(TProgram).Assembly.GetName().Name!["EventFly.".Length..].ToLowerInvariant();

    /// <summary>More configuration, laid over what the fixture sets.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string?>> Settings => [];

    public HttpClient CreateClient(TestUser user) => CreateClient(Tokens.For(user));

    public HttpClient CreateClient(string token)
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Testing");
        builder.UseSetting($"ConnectionStrings:{Service}-db", $"sqlite:{Path.Combine(folder, "service.db")}");
        // Nothing listens on port 1: what should not leave the test cannot.
        builder.UseSetting("ConnectionStrings:nats", "nats://127.0.0.1:1");
        builder.UseSetting("ConnectionStrings:redis", "127.0.0.1:1");
        builder.UseSetting("Auth:Jwks", Tokens.Jwks);
        builder.UseSetting("Mail:Key", MailKey);
        foreach (var category in (string[])["Default", "Microsoft.AspNetCore", "Yarp"])
        {
            builder.UseSetting($"Logging:LogLevel:{category}", "Error");
        }

        foreach (var (name, value) in Settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureTestServices(services =>
        {
            services.RemoveAll<TimeProvider>();
            services.AddSingleton<TimeProvider>(Clock);
            services.RemoveAll<IBus>();
            services.AddSingleton<IBus>(Bus);
            services.RemoveAll<IDeadLetters>();
            services.AddSingleton<IDeadLetters>(Bus);
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            Tokens.Dispose();
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
