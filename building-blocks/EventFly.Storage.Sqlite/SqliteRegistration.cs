using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EventFly.Storage.Sqlite;

/// <summary>Makes one SQLite file the store of a service.</summary>
public static class SqliteRegistration
{
    /// <summary>Begins every connection string that names a SQLite file: <c>sqlite:/data/auth.db</c>.</summary>
    public const string Scheme = "sqlite:";

    /// <summary>Streams, documents and outbox live in this file.</summary>
    /// <param name="services">The service's registrations.</param>
    /// <param name="path">The file; it and its folder are created when they are not there.</param>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, string path)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => SqliteDatabase.Open(path));
        services.AddSingleton<SqliteOutbox>();
        services.AddSingleton<IOutbox>(provider => provider.GetRequiredService<SqliteOutbox>());
        services.AddSingleton<IEventStore, SqliteEventStore>();
        services.AddSingleton<ISnapshotStore, SqliteSnapshotStore>();
        services.AddSingleton<IDocumentStore, SqliteDocumentStore>();
        return services;
    }
}
