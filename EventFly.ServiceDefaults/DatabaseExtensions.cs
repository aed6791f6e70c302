using EventFly.ServiceDefaults.Health;
using EventFly.Storage.MongoDb;
using EventFly.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace EventFly.ServiceDefaults;

public static class DatabaseExtensions
{
    /// <summary>Gives the service its store: streams, documents and outbox, on the adapter that the connection string names.</summary>
    /// <exception cref="InvalidOperationException">The connection string is missing, or no adapter knows it.</exception>
    public static IHostApplicationBuilder AddDatabase(this IHostApplicationBuilder builder, string name)
    {
        var connectionString = builder.RequiredConnectionString(name);
        if (MongoRegistration.Knows(connectionString))
        {
            AddMongoDb(builder, name, connectionString);
        }
        else if (connectionString.StartsWith(SqliteRegistration.Scheme, StringComparison.Ordinal) && connectionString.Length > SqliteRegistration.Scheme.Length)
        {
            builder.Services.AddSqliteStorage(connectionString[SqliteRegistration.Scheme.Length..]);
        }
        else
        {
            throw new InvalidOperationException(
                $"No storage adapter knows the connection string {name}: it begins with \"{connectionString.Split(':')[0]}\". "
                + $"Use {SqliteRegistration.Scheme}<absolute path of a file> or mongodb://<host>/<database>.");
        }

        builder.Services.AddHealthChecks().AddCheck<StorageHealth>(name, HealthStatus.Unhealthy, tags: [], timeout: TimeSpan.FromSeconds(2));
        return builder;
    }

    private static void AddMongoDb(IHostApplicationBuilder builder, string name, string connectionString)
    {
        try
        {
            builder.Services.AddMongoDbStorage(connectionString);
        }
        catch (FormatException wrong)
        {
            throw new InvalidOperationException($"{wrong.Message} (It is named {name}.)", wrong);
        }
    }
}
