using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Testing;
using EventFly.Testing.MongoDb;

namespace EventFly.Storage.MongoDb.Tests;

/// <summary>What the store promises while servers, network and passwords fail.</summary>
public sealed class FaultTests
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_stored_once()
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet());
        await using var store = new Store(server.Uri("lost"));
        await store.Append("a-1", 0);
        await server.DropReplies("insert");

        Assert.Equal(AppendOutcome.Appended, await store.Append("a-1", 1));

        Assert.Equal([1, 2], await store.Versions("a-1"));
        Assert.Equal(1, await server.Count("recognised"));
    }

    [Fact]
    public async Task A_server_that_remembers_no_writes_is_asked_by_commit_id()
    {
        await using var server = await Servers.Start(() => MongoServer.Standalone());
        await using var store = new Store(server.Uri("lost"));
        await store.Append("a-1", 0);
        await server.DropReplies("insert");

        Assert.Equal(AppendOutcome.AlreadyAppended, await store.Append("a-1", 1));

        Assert.Equal([1, 2], await store.Versions("a-1"));
    }

    [Theory]
    [InlineData("insert")]
    [InlineData("find")]
    public async Task A_request_that_was_lost_is_sent_again(string command)
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet());
        await using var store = new Store(server.Uri("lost"));
        await store.Append("a-1", 0);
        await server.DropRequests(command);

        Assert.Equal(AppendOutcome.Appended, await store.Append("a-1", 1));

        Assert.Equal([1, 2], await store.Versions("a-1"));
        Assert.Equal(1, await server.Count("faults"));
    }

    [Fact]
    public async Task A_server_that_says_it_is_not_primary_is_asked_again_when_it_is()
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet());
        await using var store = new Store(server.Uri("moved"));
        await store.Append("a-1", 0);
        await server.Fail("insert", 10107);

        Assert.Equal(AppendOutcome.Appended, await store.Append("a-1", 1));
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_when_the_primary_steps_down_under_load()
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet());
        await using var store = new Store(server.Uri("moves"));

        await UnderLoad(store, async () =>
        {
            await server.StepDown(0.3);
            await Task.Delay(500, Ct);
            await server.StepDown(0.1);
            await server.CloseConnections();
        });

        Assert.True(await server.Count("hello") > 0);
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_when_the_network_to_the_primary_is_cut()
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet());
        await using var store = new Store(server.Uri("cut", "socketTimeoutMS=1000&connectTimeoutMS=1000&heartbeatFrequencyMS=1000"));

        await UnderLoad(store, async () =>
        {
            await server.Silence(-1);
            await Task.Delay(1500, Ct);
            await server.Heal();
        });
    }

    [Fact]
    public async Task A_server_that_is_too_slow_is_given_up_in_time_and_used_again_when_it_is_not()
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet(1));
        await using var store = new Store(server.Uri("slow", "socketTimeoutMS=150&retryReads=false&retryWrites=false"));
        await store.Append("a-1", 0);
        await server.Slow(2000, "find");

        var given = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Versions("a-1"));

        Assert.Contains("did not answer within", given.Message);
        await server.Slow(0);
        Assert.Equal([1], await store.Versions("a-1"));
    }

    [Fact]
    public async Task Who_waits_for_a_connection_too_long_is_told_so_and_the_pool_recovers()
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet(1));
        await using var store = new Store(server.Uri("full", "maxPoolSize=2&waitQueueTimeoutMS=200"));
        await store.Append("a-1", 0);
        await server.Slow(1000, "find");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Outcome(() => store.Versions("a-1"))));

        var told = outcomes.OfType<StorageUnavailableException>().ToArray();
        Assert.NotEmpty(told);
        Assert.All(told, failure => Assert.Contains("maxPoolSize", failure.Message));
        Assert.Contains(outcomes, outcome => outcome is null);
        await server.Slow(0);
        Assert.Equal([1], await store.Versions("a-1"));
        Assert.True(await server.Count("connections") < 10);
    }

    [Fact]
    public async Task Connections_are_there_before_they_are_needed_when_the_string_says_so()
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet(1));
        await using var store = new Store(server.Uri("early", "minPoolSize=3"));

        await store.Versions("a-1");

        // And one that asks what the server is.
        await Eventually.True(async () => await server.Count("connections") == 4);
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_the_store_usable()
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet(1));
        await using var store = new Store(server.Uri("cancel", "maxPoolSize=1"));
        await store.Append("a-1", 0);
        await server.Slow(60_000, "find");
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Versions("a-1", patience.Token));

        await server.Slow(0);
        Assert.Equal([1], await store.Versions("a-1"));
    }

    [Fact]
    public async Task A_wrong_password_is_refused_in_a_sentence_without_it()
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet(1, "--user", "me:right,pass=word"));
        await using var wrong = new Store(server.Uri("door", "", "me:wrongpassword@"));
        await using var right = new Store(server.Uri("door", "authSource=admin", "me:right%2Cpass%3Dword@"));

        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => wrong.Append("a-1", 0));

        Assert.Contains("does not accept user or password", refused.Message);
        Assert.DoesNotContain("wrongpassword", refused.ToString());
        Assert.Equal(AppendOutcome.Appended, await right.Append("a-1", 0));
    }

    [Fact]
    public async Task A_certificate_is_trusted_by_its_authority_only_and_ours_is_shown()
    {
        using var certificates = new Certificates();
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet(1, "--tls-certificate", certificates.Server, "--tls-client-ca", certificates.Authority));
        const string Quick = "tls=true&serverSelectionTimeoutMS=1500";
        await using var stranger = new Store(server.Uri("tls", Quick));
        await using var other = new Store(server.Uri("tls", $"{Quick}&tlsCAFile={Uri.EscapeDataString(certificates.OtherAuthority)}"));
        await using var anonymous = new Store(server.Uri("tls", $"{Quick}&tlsCAFile={Uri.EscapeDataString(certificates.Authority)}"));
        await using var known = new Store(server.Uri(
            "tls", $"tls=true&tlsCAFile={Uri.EscapeDataString(certificates.Authority)}&tlsCertificateKeyFile={Uri.EscapeDataString(certificates.Client)}"));

        Assert.Contains("TLS handshake", (await Assert.ThrowsAsync<StorageUnavailableException>(() => stranger.Append("a-1", 0))).Message);
        Assert.Contains("TLS handshake", (await Assert.ThrowsAsync<StorageUnavailableException>(() => other.Append("a-1", 0))).Message);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => anonymous.Append("a-1", 0));
        Assert.Equal(AppendOutcome.Appended, await known.Append("a-1", 0));
    }

    [Fact]
    public async Task Where_nobody_listens_the_sentence_names_the_server()
    {
        await using var store = new Store("mongodb://127.0.0.1:1/none?serverSelectionTimeoutMS=300");

        var failure = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Versions("a-1"));

        Assert.Contains("127.0.0.1:1 is not reachable", failure.Message);
    }

    [Fact]
    public async Task What_waits_is_relayed_after_the_primary_has_moved()
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet());
        await using var store = new Store(server.Uri("relay"));
        await store.Append("a-1", 0, "one");
        await store.Append("a-1", 1, "two");
        var taken = await store.Outbox.Take("me", 10, TimeSpan.FromSeconds(30), Ct);
        await server.DropReplies("update");
        await server.StepDown();

        await store.Outbox.Done([.. taken.Take(1)], Ct);

        Assert.Equal(["two"], (await store.Outbox.Take("me", 10, TimeSpan.FromSeconds(30), Ct)).Select(entry => entry.Announcement.Subject));
        Assert.Equal(1, await store.Outbox.Pending(Ct));
    }

    [Fact]
    public async Task Routers_of_a_sharded_cluster_take_everything()
    {
        await using var server = await Servers.Start(() => MongoServer.Sharded());
        await using var store = new Store(server.Uri("shards"));

        for (var version = 0; version < 20; version++)
        {
            Assert.Equal(AppendOutcome.Appended, await store.Append("a-1", version));
        }

        await server.DropReplies("insert");
        Assert.Equal(AppendOutcome.Appended, await store.Append("a-1", 20));
        Assert.Equal(Enumerable.Range(1, 21).Select(version => (long)version), await store.Versions("a-1"));
    }

    [Fact]
    public async Task A_change_stream_whose_place_is_forgotten_begins_anew()
    {
        await using var server = await Servers.Start(() => MongoServer.ReplicaSet());
        await using var store = new Store(server.Uri("news"));
        await using var other = new Store(server.Uri("news"));
        await server.ForgetHistory();
        var waiting = store.Outbox.Wait(TimeSpan.FromMinutes(5), Ct);

        for (var i = 0; !waiting.IsCompleted; i++)
        {
            Assert.True(i < 100);
            await other.Append($"a-{i}", 0, "news");
            await Task.WhenAny(waiting, Task.Delay(200, Ct));
        }

        await waiting;
    }

    /// <summary>Writers append each to its own stream, again after each failure, while the disturbance happens; then everything is counted.</summary>
    private static async Task UnderLoad(Store store, Func<Task> disturb)
    {
        const int Writers = 8;
        var acknowledged = new ConcurrentDictionary<string, long>();
        using var enough = new CancellationTokenSource();
        var writing = Enumerable.Range(0, Writers).Select(i => Task.Run(async () =>
        {
            var stream = $"s-{i}";
            for (var version = 0L; !enough.IsCancellationRequested; version++)
            {
                var commit = Store.Commit(stream, version, "said");
                while (true)
                {
                    try
                    {
                        var outcome = await store.Streams.Append(commit, Ct);
                        Assert.NotEqual(AppendOutcome.Conflict, outcome);
                        acknowledged[stream] = version + 1;
                        break;
                    }
                    catch (StorageUnavailableException)
                    {
                        // The same commit once more.
                        await Task.Delay(20, Ct);
                    }
                }
            }
        })).ToArray();
        long Done() => acknowledged.Values.Sum();
        await Eventually.True(() => Done() > 40);
        await disturb();
        var after = Done();
        await Eventually.True(() => Done() > after + 40);
        await enough.CancelAsync();
        await Task.WhenAll(writing);

        foreach (var (stream, count) in acknowledged)
        {
            Assert.Equal(Enumerable.Range(1, (int)count).Select(version => (long)version), await store.Versions(stream));
        }

        Assert.Equal(Done(), await store.Outbox.Pending(Ct));
    }

    private static async Task<Exception?> Outcome(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (StorageUnavailableException failure)
        {
            return failure;
        }
    }

    private sealed class Store : IAsyncDisposable
    {
        private readonly MongoDatabase database;

        public Store(string uri)
        {
            database = MongoDatabase.Open(uri);
            Outbox = new MongoOutbox(database, Clock);
            Streams = new MongoEventStore(database, Outbox);
        }

        public MongoOutbox Outbox { get; }

        public MongoEventStore Streams { get; }

        public static Commit Commit(string stream, long expected, string? announced) => new(
            stream,
            expected,
            Guid.CreateVersion7(),
            Clock.GetUtcNow(),
            [new NewEvent("said", "{}"u8.ToArray())],
            announced is null ? [] : [new Announcement(Guid.CreateVersion7(), announced, Encoding.UTF8.GetBytes("{}"))]);

        public Task<AppendOutcome> Append(string stream, long expected, string? announced = null) => Streams.Append(Commit(stream, expected, announced), Ct);

        public async Task<IReadOnlyList<long>> Versions(string stream, CancellationToken? cancellationToken = null)
        {
            List<long> versions = [];
            await foreach (var stored in Streams.Read(stream, 0, cancellationToken ?? Ct))
            {
                versions.Add(stored.Version);
            }

            return versions;
        }

        public async ValueTask DisposeAsync()
        {
            await Outbox.DisposeAsync();
            await database.DisposeAsync();
        }
    }

    /// <summary>An authority made for one test, a server and a client that it signed, and another authority that signed nothing.</summary>
    private sealed class Certificates : IDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("eventfly-test-").FullName;

        public Certificates()
        {
            using var authority = NewAuthority("Test authority");
            using var other = NewAuthority("Another authority");
            Authority = Write("ca.pem", authority.ExportCertificatePem());
            OtherAuthority = Write("other.pem", other.ExportCertificatePem());
            Server = Signed("server", authority);
            Client = Signed("client", authority);
        }

        public string Authority { get; }

        public string OtherAuthority { get; }

        public string Server { get; }

        public string Client { get; }

        public void Dispose() => Directory.Delete(folder, recursive: true);

        private static X509Certificate2 NewAuthority(string name)
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
            return request.CreateSelfSigned(Clock.GetUtcNow().AddDays(-1), Clock.GetUtcNow().AddDays(30));
        }

        private string Signed(string name, X509Certificate2 authority)
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(System.Net.IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
            using var signed = request.Create(authority, Clock.GetUtcNow().AddHours(-1), Clock.GetUtcNow().AddDays(10), RandomNumberGenerator.GetBytes(8));
            return Write($"{name}.pem", signed.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        }

        private string Write(string name, string pem)
        {
            var path = Path.Combine(folder, name);
            File.WriteAllText(path, pem);
            return path;
        }
    }
}

internal static class Servers
{
    public static async Task<MongoServer> Start(Func<Task<MongoServer>> start)
    {
        Assert.SkipWhen(MongoServer.WhyNot is not null, MongoServer.WhyNot ?? "");
        return await start();
    }
}
