namespace EventFly.Hosting.Tests;

public sealed class Describing
{
    [Fact]
    public async Task A_process_is_told_connection_strings_services_and_parameters()
    {
        await using var running = await Running.Start(builder =>
        {
            var redis = builder.AddRedis("cache");
            var nats = builder.AddNats("bus").WithJetStream();
            var api = builder.AddShell("api", "exec sleep 600").WithHttpEndpoint();
            var secret = builder.AddParameter("pass-phrase", "open sesame", secret: true);
            builder.AddShell("asker", "env; exec sleep 600")
                .WithReference(redis).WithReference(nats).WithReference(api.GetEndpoint("http"))
                .WithReference("shop", new Uri("https://shop.example/"))
                .WithEnvironment("PASS_PHRASE", secret)
                .WithEnvironment("HOOK", $"{api.GetEndpoint("http")}/hook?{secret}")
                .WithEnvironment("BRACES", "{0} {literal}")
                .WithEnvironment("PORT_OF_API", $"{api.GetEndpoint("http").Property(EndpointProperty.Port)}");
        });

        var variables = (await running.BecomesHealthy("asker")).Snapshot.EnvironmentVariables
            .Where(variable => variable.IsFromSpec).ToDictionary(variable => variable.Name, variable => variable.Value);
        var api = running.App.GetEndpoint("api").ToString().TrimEnd('/');
        Assert.Matches(@"^127\.0\.0\.1:\d+$", variables["ConnectionStrings__cache"]);
        Assert.Matches(@"^nats://127\.0\.0\.1:\d+$", variables["ConnectionStrings__bus"]);
        Assert.Equal(variables["ConnectionStrings__bus"], variables["BUS_URI"]);
        Assert.Equal(api, variables["services__api__http__0"]);
        Assert.Equal("https://shop.example/", variables["services__shop__default__0"]);
        Assert.Equal("open sesame", variables["PASS_PHRASE"]);
        Assert.Equal($"{api}/hook?open sesame", variables["HOOK"]);
        Assert.Equal("{0} {literal}", variables["BRACES"]);
        Assert.Equal(new Uri(api).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), variables["PORT_OF_API"]);
        await running.Prints("asker", "PASS_PHRASE=open sesame");
        Assert.DoesNotContain("OTEL_EXPORTER_OTLP_ENDPOINT", variables.Keys);
    }

    [Fact]
    public async Task Passwords_are_part_of_connection_strings_and_are_asked_for()
    {
        await using var running = await Running.Start(builder =>
        {
            builder.AddRedis("cache", password: builder.AddParameter("cache-pass", "secret1"));
            builder.AddNats("bus", password: builder.AddParameter("bus-pass", "secret2"));
        });

        await running.BecomesHealthy("cache");
        await running.BecomesHealthy("bus");
        Assert.EndsWith(",password=secret1", await running.App.GetConnectionStringAsync("cache"));
        Assert.StartsWith("nats://nats:secret2@127.0.0.1:", await running.App.GetConnectionStringAsync("bus"));
    }

    [Fact]
    public async Task A_parameter_that_nobody_set_is_shown_as_missing_and_stops_only_who_needs_it()
    {
        await using var running = await Running.Start(builder =>
        {
            var key = builder.AddParameter("api-key");
            builder.AddShell("needs-it", "exec sleep 600").WithEnvironment("KEY", key);
            builder.AddShell("does-not", "exec sleep 600");
        });

        await running.Becomes("api-key", now => now.State?.Text == KnownResourceStates.ValueMissing);
        await running.Becomes("needs-it", now => now.State?.Text == KnownResourceStates.FailedToStart);
        await running.Prints("needs-it", "Parameters__api-key");
        await running.BecomesHealthy("does-not");
    }

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("two--hyphens")]
    [InlineData("ends-")]
    [InlineData("ümlaut")]
    [InlineData("a-name-that-goes-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on")]
    public void What_is_no_name_is_refused(string name) =>
        Assert.ThrowsAny<ArgumentException>(() => DistributedApplication.CreateBuilder().AddRedis(name));

    [Fact]
    public void Names_are_unique_whatever_their_case()
    {
        var builder = DistributedApplication.CreateBuilder();
        builder.AddRedis("cache");

        Assert.Throws<DistributedApplicationException>(() => builder.AddNats("CACHE"));
    }

    [Fact]
    public void An_endpoint_has_no_url_before_the_start()
    {
        var web = DistributedApplication.CreateBuilder().AddShell("web", "true").WithHttpEndpoint(port: 5000);

        Assert.False(web.GetEndpoint("http").IsAllocated);
        Assert.Throws<InvalidOperationException>(() => web.GetEndpoint("http").Url);
        Assert.Throws<InvalidOperationException>(() => web.GetEndpoint("grpc").Scheme);
        Assert.Throws<DistributedApplicationException>(() => web.WithHttpEndpoint());
    }

    [Fact]
    public void Relationships_show_what_was_said()
    {
        var builder = DistributedApplication.CreateBuilder();
        var cache = builder.AddRedis("cache");
        var worker = builder.AddShell("worker", "true").WithReference(cache).WaitFor(cache).WithParentRelationship(cache);

        Assert.Equal(["Reference", "WaitFor", "Parent"], worker.Resource.Relationships().Select(relation => relation.Type));
        Assert.Throws<DistributedApplicationException>(() => worker.WaitFor(worker));
    }
}
