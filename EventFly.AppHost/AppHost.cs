using EventFly.AppHost;
using EventFly.BuildingBlocks.Secrets;
using Projects;

using var run = RunOptions.Read(args);
if (run is null) return 2;

var builder = DistributedApplication.CreateBuilder(run.Rest);
run.Configure(builder);

// One for all services: what one seals, another opens.
var mailKey = run.Folder("mail.key");
KeyFile.Make(mailKey);

var nats = builder.AddNats("nats").WithJetStream().WithDataBindMount(run.Folder("nats"));
var redis = builder.AddRedis("redis");
Func<string, IResourceBuilder<IResourceWithConnectionString>> addDatabase = run.MongoDb switch
{
    null => builder.AddSqlite("databases", run.Folder("databases")).AddDatabase,
    RunOptions.LocalMongoDb => builder.AddLocalMongoDb("databases", run.Folder("mongodb")),
    var uri => builder.AddMongoDbDeployment("databases", uri).AddDatabase,
};

var auth = Service<EventFly_Auth>("auth");
// Beside SQLite files auth would find it there by itself.
if (run.MongoDb is not null) auth.WithEnvironment("SigningKeys__EncryptionKeyFile", Path.Combine(run.Folder("databases"), "auth-signing.key"));
var organizations = Service<EventFly_Organizations>("organizations").WithReference(auth);
var events = Service<EventFly_Events>("events").WithReference(auth);
var participants = Service<EventFly_Participants>("participants").WithReference(auth);
var payments = Service<EventFly_Payments>("payments").WithReference(auth).WithReference(participants);

var gateway = builder.AddProject<EventFly_Gateway>("gateway")
    .WithHttpEndpoint(port: run.GatewayPort, isProxied: false)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithReference(redis).WaitFor(redis)
    .WithReference(auth).WaitFor(auth)
    .WithReference(organizations).WaitFor(organizations)
    .WithReference(events).WaitFor(events)
    .WithReference(participants).WaitFor(participants)
    .WithReference(payments).WaitFor(payments);

if (builder.Configuration["Stripe:SecretKey"] is { Length: > 0 } secretKey)
{
    payments
        .WithEnvironment("Stripe__SecretKey", builder.AddParameter("stripe-secret-key", secretKey, secret: true))
        .WithEnvironment("Stripe__WebhookSecret", builder.AddParameterFromConfiguration("stripe-webhook-secret", "Stripe:WebhookSecret", secret: true));
}
else
{
    var webhookSecret = builder.AddParameter("stripe-webhook-secret", "whsec_simulator", secret: true);
    var simulator = builder.AddProject<EventFly_StripeSimulator>("stripe-simulator")
        .WithHttpEndpoint(port: run.FreePort(), isProxied: false)
        .WithHttpHealthCheck("/health")
        .WithEnvironment("Webhook__Url", $"{gateway.GetEndpoint("http")}/api/payments/stripe/webhook")
        .WithEnvironment("Webhook__Secret", webhookSecret);
    payments
        .WithReference(simulator).WaitFor(simulator)
        .WithEnvironment("Stripe__ApiBase", simulator.GetEndpoint("http"))
        .WithEnvironment("Stripe__SecretKey", "sk_test_simulator")
        .WithEnvironment("Stripe__WebhookSecret", webhookSecret);
}

// Nothing sends mails in a local run: the mailbox shows what would be sent.
if (builder.Configuration["Mail:Mailbox"] is not "false")
{
    builder.AddProject<EventFly_Mailbox>("mailbox")
        .WithHttpEndpoint(port: run.FreePort(), isProxied: false)
        .WithHttpHealthCheck("/health")
        .WithUrlForEndpoint("http", url => url.DisplayText = "mails")
        .WithEnvironment("Mail__KeyFile", mailKey)
        .WithReference(nats).WaitFor(nats);
}

builder.Build().Run();
return Environment.ExitCode;

IResourceBuilder<ProjectResource> Service<TProject>(string name)
    where TProject : IProjectMetadata, new()
{
    var database = addDatabase($"{name}-db");
    return builder.AddProject<TProject>(name)
        // Each listens itself: one hop less for every request.
        .WithHttpEndpoint(port: run.FreePort(), isProxied: false)
        .WithHttpHealthCheck("/health")
        .WithEnvironment("Mail__KeyFile", mailKey)
        .WithReference(database).WaitFor(database)
        .WithReference(redis).WaitFor(redis)
        .WithReference(nats).WaitFor(nats);
}
