using EventFly.BuildingBlocks.Copies;
using EventFly.BuildingBlocks.EventStore;
using EventFly.Storage.MongoDb;
using EventFly.Storage.Sqlite;

namespace EventFly.Operator;

/// <summary>Copies the databases of a stopped system to other storage, and compares both.</summary>
internal static class StoreCopyCommand
{
    public const string Usage = """
        usage: ./eventfly store copy --from <place> --to <place>

          <place>  sqlite:<file> or sqlite:<folder>      one database, or all files <name>.db of a folder (default of run: .data/databases)
                   mongodb://<hosts>/<database>?<options>  one database, or without a name one for each file, such as auth-db

        The system must be stopped. Broken off, the same command goes on where it was. It ends with 0 when number and hash of everything agree.
        """;

    public static async Task<int> Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (args is not ["copy", "--from", var from, "--to", var to])
        {
            await error.WriteLineAsync(Usage);
            return 2;
        }

        try
        {
            var isSame = true;
            foreach (var (source, target, name) in Pairs(from, to))
            {
                await output.WriteLineAsync(name);
                await using var contents = Open(source);
                await using var copy = Open(target);
                isSame &= await new StoreCopy(contents, copy, output.WriteLine).Run(cancellationToken);
            }

            await output.WriteLineAsync(isSame ? "Everything is there, and the same." : "The copy DIFFERS from the original: see above.");
            return isSame ? 0 : 1;
        }
        catch (Exception failed) when (failed is StorageUnavailableException or FormatException or IOException or InvalidOperationException or OperationCanceledException)
        {
            await error.WriteLineAsync(failed is OperationCanceledException ? "Broken off: the same command goes on from here." : failed.Message);
            return 1;
        }
    }

    private static IEnumerable<(string Source, string Target, string Name)> Pairs(string from, string to)
    {
        if (Folder(from) is { } folder)
        {
            string[] names = [.. Directory.GetFiles(folder, "*.db").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];
            return names.Length > 0
                ? names.Select(name => ($"{SqliteRegistration.Scheme}{Path.Combine(folder, name)}.db", Named(to, name), name))
                : throw new FormatException($"The folder {folder} holds no database file.");
        }

        if (Folder(to) is { } target)
        {
            throw new FormatException($"Name the file below {target} that the database goes to: sqlite:{Path.Combine(target, "auth-db.db")}.");
        }

        if (from.StartsWith(SqliteRegistration.Scheme, StringComparison.Ordinal) && !File.Exists(from[SqliteRegistration.Scheme.Length..]))
        {
            throw new FormatException($"There is no database file {from[SqliteRegistration.Scheme.Length..]}.");
        }

        return [(from, to, "One database")];
    }

    private static string? Folder(string place) =>
        place.StartsWith(SqliteRegistration.Scheme, StringComparison.Ordinal) && Directory.Exists(place[SqliteRegistration.Scheme.Length..]) ? place[SqliteRegistration.Scheme.Length..] : null;

    /// <summary>The place with a database's name in it.</summary>
    private static string Named(string place, string name)
    {
        if (!MongoRegistration.Knows(place))
        {
            return $"{SqliteRegistration.Scheme}{Path.Combine(place[SqliteRegistration.Scheme.Length..], name)}.db";
        }

        var question = place.IndexOf('?');
        var (path, options) = question < 0 ? (place, "") : (place[..question], place[question..]);
        var slash = path.IndexOf('/', path.IndexOf("://", StringComparison.Ordinal) + 3);
        return slash < 0 || slash == path.Length - 1
            ? $"{path.TrimEnd('/')}/{name}{options}"
            : throw new FormatException("A folder of files goes to a server, not to one of its databases: leave the database's name away (and say authSource=admin if it needs one).");
    }

    private static IStoreContents Open(string place) => MongoRegistration.Knows(place) ? new MongoContents(place, TimeProvider.System)
        : place.StartsWith(SqliteRegistration.Scheme, StringComparison.Ordinal) ? new SqliteContents(place[SqliteRegistration.Scheme.Length..], TimeProvider.System)
        : throw new FormatException($"{place.Split(':')[0]} is no storage: use sqlite: or mongodb://.");
}
