using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EventFly.Storage.MongoDb;

/// <summary>Makes one MongoDB database the store of a service.</summary>
public static class MongoRegistration
{
    /// <summary>What a connection string of this adapter begins with.</summary>
    public static readonly IReadOnlyList<string> Schemes = ["mongodb://", "mongodb+srv://"];

    /// <summary>Whether this adapter knows the connection string.</summary>
    public static bool Knows(string connectionString) => Schemes.Any(scheme => connectionString.StartsWith(scheme, StringComparison.Ordinal));

    /// <summary>Streams, documents and outbox live in this database.</summary>
    /// <param name="services">The service's registrations.</param>
    /// <param name="connectionString"><c>mongodb://</c> or <c>mongodb+srv://</c>, with the name of a database.</param>
    /// <exception cref="FormatException">The string cannot be used; the message says why and holds nothing secret.</exception>
    public static IServiceCollection AddMongoDbStorage(this IServiceCollection services, string connectionString)
    {
        // A wrong string ends the start here, with its reason.
        var database = MongoDatabase.Open(connectionString);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => database);
        services.AddSingleton<MongoOutbox>();
        services.AddSingleton<IOutbox>(provider => provider.GetRequiredService<MongoOutbox>());
        services.AddSingleton<IEventStore, MongoEventStore>();
        services.AddSingleton<ISnapshotStore, MongoSnapshotStore>();
        services.AddSingleton<IDocumentStore, MongoDocumentStore>();
        return services;
    }
}
