extern alias auth;
extern alias events;
extern alias gateway;
extern alias organizations;
extern alias participants;
extern alias payments;

using EventFly.Testing;

namespace EventFly.Architecture.Tests;

/// <summary>
/// Who may call what: endpoints.approved.txt is read in review. After a wanted change, run these tests with EVENTFLY_APPROVE=1 and look at the difference.
/// </summary>
public class EndpointTests
{
    private static string Approved => Path.Combine(Product.Root, "tests", "EventFly.Architecture.Tests", "endpoints.approved.txt");

    [Fact]
    public async Task Every_endpoint_is_in_the_table_with_who_may_call_it()
    {
        var found = Running().ToArray();
        if (Environment.GetEnvironmentVariable("EVENTFLY_APPROVE") == "1")
        {
            await File.WriteAllLinesAsync(Approved, found);
        }

        var approved = await File.ReadAllLinesAsync(Approved);

        Assert.True(found.SequenceEqual(approved), string.Join(
            Environment.NewLine,
            found.Except(approved).Select(line => $"not approved: {line}").Concat(approved.Except(found)
                .Select(line => $"approved, but gone: {line}"))
                .Prepend("The endpoints are not those of endpoints.approved.txt.")));
    }

    [Fact]
    public void Every_endpoint_says_who_may_call_it() => Verdict.Of(Running(), line => line.EndsWith("NOT SAID", StringComparison.Ordinal) ? [line] : []).Holds(atLeast: 20);

    [Fact]
    public void Every_service_answers_something() => Verdict.Of(
        Product.Services, service => Running().Any(line => line.Contains($" /api/{service.ToLowerInvariant()}", StringComparison.Ordinal)) ? [] : [$"{service} answers nothing"]).Holds(atLeast: 5);

    private static readonly Lazy<string[]> Table = new(() =>
    [
        .. TableOf(new ServiceApp<auth::Program>()),
        .. TableOf(new ServiceApp<organizations::Program>()),
        .. TableOf(new ServiceApp<events::Program>()),
        .. TableOf(new ServiceApp<participants::Program>()),
        .. TableOf(new PaymentsApp()),
        .. TableOf(new ServiceApp<gateway::Program>()),
    ]);

    private static string[] Running() => Table.Value;

    private sealed class PaymentsApp : ServiceApp<payments::Program>
    {
        protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
            [new("Stripe:ApiBase", "http://127.0.0.1:1"), new("Stripe:SecretKey", "sk_test_nobody"), new("Stripe:WebhookSecret", "whsec_nobody")];
    }

    private static string[] TableOf<TProgram>(ServiceApp<TProgram> app)
        where TProgram : class
    {
        using (app)
        {
            return [$"# {typeof(TProgram).Assembly.GetName().Name}", .. EndpointAccess.TableOf(app.Services, under: "").Select(line => line.Replace(": ", " → ", StringComparison.Ordinal))];
        }
    }
}
