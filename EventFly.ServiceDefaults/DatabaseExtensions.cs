using Microsoft.Extensions.Hosting;

namespace EventFly.ServiceDefaults;

public static class DatabaseExtensions
{
    /// <summary>Gives the service its store: streams, documents and outbox, on the adapter that the connection string names.</summary>
    /// <exception cref="InvalidOperationException">The connection string is missing, or no adapter knows it.</exception>
    public static IHostApplicationBuilder AddDatabase(this IHostApplicationBuilder builder, string name)
    {
        var connectionString = builder.RequiredConnectionString(name);
        return connectionString.Split(':')[0] switch
        {
            // "sqlite" => builder.AddSqliteStorage(name, connectionString["sqlite:".Length..]),
            var scheme => throw new InvalidOperationException(
                $"The connection string {name} begins with {scheme}:, which no storage adapter knows. Use sqlite:<absolute path of a file>."),
        };
    }
}
