using EventFly.Storage.MongoDb.Client;

namespace EventFly.Storage.MongoDb;

/// <summary>The one place that knows which client is behind the seam.</summary>
public static class MongoFactory
{
    /// <summary>A client for one database. It connects by itself, when and as often as needed; servers are looked for at once.</summary>
    /// <param name="connectionString"><c>mongodb://</c> or <c>mongodb+srv://</c>, with the name of a database.</param>
    /// <param name="cancellationToken">Ends the DNS look-up of <c>mongodb+srv://</c>.</param>
    /// <exception cref="FormatException">The string cannot be used; the message says why and holds nothing secret.</exception>
    public static async Task<IMongo> Connect(string connectionString, CancellationToken cancellationToken)
    {
        var uri = MongoUri.Parse(connectionString);
        return new MongoClient(uri.IsSrv ? await SrvLookup.Resolve(uri, cancellationToken) : uri);
    }
}
