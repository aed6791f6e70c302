using System.Diagnostics;
using System.Runtime.CompilerServices;
using EventFly.Storage.MongoDb.Bson;

namespace EventFly.Storage.MongoDb.Client;

/// <summary>The seven operations over our own connections.</summary>
internal sealed class MongoClient : IMongo
{
    private const int Tries = 5;

    /// <summary>Later than this after its beginning an operation is not sent once more.</summary>
    private static readonly TimeSpan Persistence = TimeSpan.FromSeconds(30);

    private readonly MongoUri uri;
    private readonly MongoTelemetry telemetry;
    private readonly Topology topology;
    private readonly ServerSessions sessions;
    private readonly TransactionUnderWay? transaction;
    private readonly int writeMembers;

    public MongoClient(MongoUri uri)
    {
        this.uri = uri;
        Database = uri.Database ?? throw new FormatException("The MongoDB connection string cannot be used: it names no database.");
        telemetry = new MongoTelemetry(Database);
        sessions = new ServerSessions();
        topology = new Topology(uri, telemetry);
        _ = int.TryParse(uri.WriteConcern, out writeMembers);
    }

    private MongoClient(MongoClient parent, TransactionUnderWay transaction)
    {
        (uri, telemetry, topology, sessions, Database, writeMembers) = (parent.uri, parent.telemetry, parent.topology, parent.sessions, parent.Database, parent.writeMembers);
        this.transaction = transaction;
    }

    private enum Kind
    {
        Read,
        Write,
        ManyWrites,
        Once,
    }

    public string Database { get; }

    public string Address => uri.ToString();

    public TopologyDescription Topology => topology.Description;

    public async Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, bool mayRepeat, CancellationToken cancellationToken)
    {
        var message = OpMessage.Rent();
        try
        {
            var document = new BsonDocument(command);
            string? operation = null, collection = null;
            foreach (var (name, value) in document)
            {
                if (operation is null)
                {
                    (operation, collection) = (name, value.Type is BsonType.String ? value.AsString() : null);
                }
            }

            message.Body.Raw(command.Span[4..^1]);
            return (await Run(message, operation ?? throw new ArgumentException("The command is empty.", nameof(command)), collection, mayRepeat ? Kind.Read : Kind.Once, cancellationToken)).Bytes;
        }
        finally
        {
            OpMessage.Return(message);
        }
    }

    public async Task Insert(string collection, ReadOnlyMemory<byte> document, CancellationToken cancellationToken)
    {
        var message = OpMessage.Rent();
        try
        {
            message.Body.Value("insert", collection);
            message.Body.BeginArray("documents");
            message.Body.Value(new BsonDocument(document));
            message.Body.End();
            WriteConcern(message.Body);
            await Run(message, "insert", collection, Kind.Write, cancellationToken);
        }
        finally
        {
            OpMessage.Return(message);
        }
    }

    public async Task<long> Update(string collection, IReadOnlyList<MongoUpdate> updates, CancellationToken cancellationToken)
    {
        var message = OpMessage.Rent();
        try
        {
            message.Body.Value("update", collection);
            message.Body.BeginArray("updates");
            foreach (var update in updates)
            {
                message.Body.BeginDocument();
                message.Body.Value("q", new BsonDocument(update.Filter));
                message.Body.Value("u", new BsonDocument(update.Update));
                if (update.Upsert)
                {
                    message.Body.Value("upsert", true);
                }

                message.Body.End();
            }

            message.Body.End();
            WriteConcern(message.Body);
            return (await Run(message, "update", collection, Kind.Write, cancellationToken)).Integer("n");
        }
        finally
        {
            OpMessage.Return(message);
        }
    }

    public async Task<ReadOnlyMemory<byte>?> FindAndModify(string collection, MongoUpdate update, CancellationToken cancellationToken)
    {
        var message = OpMessage.Rent();
        try
        {
            message.Body.Value("findAndModify", collection);
            message.Body.Value("query", new BsonDocument(update.Filter));
            message.Body.Value("update", new BsonDocument(update.Update));
            message.Body.Value("new", true);
            if (update.Upsert)
            {
                message.Body.Value("upsert", true);
            }

            WriteConcern(message.Body);
            return (await Run(message, "findAndModify", collection, Kind.Write, cancellationToken)).Document("value")?.Bytes;
        }
        finally
        {
            OpMessage.Return(message);
        }
    }

    public async Task<long> Delete(string collection, ReadOnlyMemory<byte> filter, bool all, CancellationToken cancellationToken)
    {
        var message = OpMessage.Rent();
        try
        {
            message.Body.Value("delete", collection);
            message.Body.BeginArray("deletes");
            message.Body.BeginDocument();
            message.Body.Value("q", new BsonDocument(filter));
            message.Body.Value("limit", all ? 0 : 1);
            message.Body.End();
            message.Body.End();
            WriteConcern(message.Body);
            return (await Run(message, "delete", collection, all ? Kind.ManyWrites : Kind.Write, cancellationToken)).Integer("n");
        }
        finally
        {
            OpMessage.Return(message);
        }
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> Find(MongoFind find, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (server, cursor) = await BeginFind(find, cancellationToken);
        var id = cursor.Integer("id");
        try
        {
            var batch = cursor.Document("firstBatch");
            while (true)
            {
                foreach (var (_, value) in batch ?? BsonDocument.Empty)
                {
                    yield return value.AsDocument().Bytes;
                }

                if (id == 0)
                {
                    yield break;
                }

                cursor = await GetMore(server, find.Collection, id, cancellationToken);
                id = cursor.Integer("id");
                batch = cursor.Document("nextBatch");
            }
        }
        finally
        {
            if (id != 0)
            {
                await KillCursor(server, find.Collection, id);
            }
        }
    }

    public async Task Transaction(Func<IMongo, Task> work, CancellationToken cancellationToken)
    {
        if (transaction is not null)
        {
            throw new InvalidOperationException("Transactions do not nest.");
        }

        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var session = sessions.Take();
            var underWay = new TransactionUnderWay(session, session.NextNumber());
            var inside = new MongoClient(this, underWay);
            try
            {
                await work(inside);
            }
            catch (MongoException failure) when (failure.Labels.Contains("TransientTransactionError") || failure.Failure is MongoFailure.Unreachable)
            {
                await inside.Finish("abortTransaction");
                if (Stopwatch.GetElapsedTime(began) > Persistence)
                {
                    throw;
                }

                continue;
            }
            catch
            {
                await inside.Finish("abortTransaction");
                sessions.Return(session);
                throw;
            }

            // Commit is recognised when it comes twice.
            await inside.EndTransaction("commitTransaction", cancellationToken);
            sessions.Return(session);
            return;
        }
    }

    public ValueTask DisposeAsync() => transaction is null ? topology.DisposeAsync() : ValueTask.CompletedTask;

    private void WriteConcern(BsonWriter body)
    {
        if (transaction is not null)
        {
            return;
        }

        body.BeginDocument("writeConcern");
        if (writeMembers > 0)
        {
            body.Value("w", writeMembers);
        }
        else
        {
            body.Value("w", uri.WriteConcern);
        }

        if (uri.Journal is { } journal)
        {
            body.Value("j", journal);
        }

        body.Value("wtimeout", (int)uri.WriteTimeout.TotalMilliseconds);
        body.End();
    }

    private async Task<(Server Server, BsonDocument Cursor)> BeginFind(MongoFind find, CancellationToken cancellationToken)
    {
        var message = OpMessage.Rent();
        try
        {
            message.Body.Value("find", find.Collection);
            message.Body.Value("filter", new BsonDocument(find.Filter));
            if (find.Projection is { } projection)
            {
                message.Body.Value("projection", new BsonDocument(projection));
            }

            if (find.Sort is { } sort)
            {
                message.Body.Value("sort", new BsonDocument(sort));
            }

            if (find.Limit > 0)
            {
                message.Body.Value("limit", find.Limit);
                message.Body.Value("batchSize", find.Limit);
                message.Body.Value("singleBatch", find.Limit == 1);
            }

            if (transaction is null)
            {
                message.Body.BeginDocument("readConcern");
                message.Body.Value("level", find.Newest ? "local" : uri.ReadConcern);
                message.Body.End();
            }

            message.Body.Value("maxTimeMS", (int)uri.SocketTimeout.TotalMilliseconds);
            Server? server = null;
            var reply = await Run(message, "find", find.Collection, Kind.Read, cancellationToken, used => server = used);
            return (server!, reply.Document("cursor") ?? throw new MongoException(MongoFailure.Unreadable, "The answer to find has no cursor."));
        }
        finally
        {
            OpMessage.Return(message);
        }
    }

    private async Task<BsonDocument> GetMore(Server server, string collection, long id, CancellationToken cancellationToken)
    {
        var message = OpMessage.Rent();
        try
        {
            message.Body.Value("getMore", id);
            message.Body.Value("collection", collection);
            // A cursor lives on the server that made it; where it is gone, the whole read begins again.
            var reply = await Run(message, "getMore", collection, Kind.Once, cancellationToken, at: server);
            return reply.Document("cursor") ?? throw new MongoException(MongoFailure.Unreadable, "The answer to getMore has no cursor.");
        }
        finally
        {
            OpMessage.Return(message);
        }
    }

    private async Task KillCursor(Server server, string collection, long id)
    {
        var message = OpMessage.Rent();
        try
        {
            message.Body.Value("killCursors", collection);
            message.Body.BeginArray("cursors");
            message.Body.Value((object)id);
            message.Body.End();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await Run(message, "killCursors", collection, Kind.Once, patience.Token, at: server);
        }
        catch (Exception failure) when (failure is MongoException or OperationCanceledException)
        {
            // The server forgets it by itself after ten minutes.
        }
        finally
        {
            OpMessage.Return(message);
        }
    }

    private async Task Finish(string command)
    {
        try
        {
            await EndTransaction(command, CancellationToken.None);
        }
        catch (MongoException)
        {
            // An aborted transaction that was not heard of ends by its time limit.
        }
    }

    private async Task EndTransaction(string command, CancellationToken cancellationToken)
    {
        if (!transaction!.HasBegun)
        {
            return;
        }

        transaction.IsEnding = true;
        var message = OpMessage.Rent();
        try
        {
            message.Body.Value(command, 1);
            message.Body.BeginDocument("writeConcern");
            message.Body.Value("w", "majority");
            message.Body.Value("wtimeout", (int)uri.WriteTimeout.TotalMilliseconds);
            message.Body.End();
            await Run(message, command, null, Kind.Read, cancellationToken, database: "admin");
        }
        finally
        {
            OpMessage.Return(message);
        }
    }

    private async ValueTask<BsonDocument> Run(
        OpMessage message, string operation, string? collection, Kind kind, CancellationToken cancellationToken,
        Action<Server>? used = null, Server? at = null, string? database = null)
    {
        var began = Stopwatch.GetTimestamp();
        var span = telemetry.Begin(operation, collection);
        ServerSession? session = null;
        MongoException? failed = null;
        try
        {
            var server = at ?? transaction?.Server ?? await topology.Select(cancellationToken);
            session = Complete(message, kind, server, database ?? Database);
            var mayRepeat = kind switch
            {
                _ when transaction is { IsEnding: false } => false,
                Kind.Read => uri.RetryReads,
                Kind.Write => session is not null,
                _ => false,
            };
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    MongoTelemetry.Sent(span, server.Address);
                    var reply = await Send(server, message, operation, cancellationToken);
                    used?.Invoke(server);
                    return reply;
                }
                catch (MongoException broken) when (
                    mayRepeat && attempt < Tries && ServerError.IsPassing(broken) && Stopwatch.GetElapsedTime(began) < Persistence)
                {
                    telemetry.Retried(operation);
                    if (transaction is null)
                    {
                        server = await Another(broken, cancellationToken);
                    }
                }
            }
        }
        catch (MongoException failure)
        {
            failed = failure;
            throw;
        }
        finally
        {
            if (session is not null)
            {
                // After a failure the server may still be busy with its last number.
                if (failed is null)
                {
                    sessions.Return(session);
                }
            }

            telemetry.End(span, operation, collection, began, failed);
        }
    }

    /// <summary>When no server is found, the reason why one was needed says more.</summary>
    private async ValueTask<Server> Another(MongoException broken, CancellationToken cancellationToken)
    {
        try
        {
            return await topology.Select(cancellationToken);
        }
        catch (MongoException none)
        {
            throw new MongoException(none.Failure, $"{broken.Message.TrimEnd('.')}. {none.Message}", broken) { Code = broken.Code, Labels = broken.Labels };
        }
    }

    /// <summary>Adds what each command ends with; numbers a write where the server remembers numbers.</summary>
    private ServerSession? Complete(OpMessage message, Kind kind, Server server, string database)
    {
        ServerSession? session = null;
        if (transaction is not null)
        {
            transaction.Server ??= server;
            Session(message.Body, transaction.Session);
            message.Body.Value("txnNumber", transaction.Number);
            message.Body.Value("autocommit", false);
            if (!transaction.HasBegun)
            {
                message.Body.Value("startTransaction", true);
                message.Body.BeginDocument("readConcern");
                message.Body.Value("level", "snapshot");
                message.Body.End();
                transaction.HasBegun = true;
            }
        }
        else if (kind is Kind.Write && uri.RetryWrites && topology.RemembersWrites)
        {
            session = sessions.Take();
            Session(message.Body, session);
            message.Body.Value("txnNumber", session.NextNumber());
        }

        message.Body.Value("$db", database);
        message.Finish();
        return session;
    }

    private static void Session(BsonWriter body, ServerSession session)
    {
        body.BeginDocument("lsid");
        body.Value("id", session.Id);
        body.End();
    }

    private async ValueTask<BsonDocument> Send(Server server, OpMessage message, string operation, CancellationToken cancellationToken)
    {
        server.Begin();
        var generation = server.Pool.Generation;
        try
        {
            var connection = await server.Pool.Take(cancellationToken);
            BsonDocument reply;
            try
            {
                generation = connection.Generation;
                reply = await connection.Exchange(message, uri.SocketTimeout, cancellationToken);
            }
            finally
            {
                server.Pool.Return(connection);
            }

            if (ServerError.Of(operation, server.Address, reply) is not { } error)
            {
                return reply;
            }

            if (ServerError.IsNotPrimary(error.Code))
            {
                topology.NotPrimary(server, generation, TopologyVersion.Read(reply.Document("topologyVersion")), ServerError.IsShuttingDown(error.Code));
            }

            throw error;
        }
        catch (MongoException failure) when (failure.Failure is MongoFailure.Unreachable or MongoFailure.Unreadable)
        {
            topology.Lost(server, generation, failure.Message);
            throw;
        }
        finally
        {
            server.End();
        }
    }

    /// <summary>A transaction stays with one session and one server.</summary>
    private sealed class TransactionUnderWay(ServerSession session, long number)
    {
        public ServerSession Session => session;

        public long Number => number;

        public Server? Server { get; set; }

        public bool HasBegun { get; set; }

        public bool IsEnding { get; set; }
    }
}
