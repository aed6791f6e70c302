using EventFly.BuildingBlocks.EventStore;
using EventFly.Storage.MongoDb;

namespace EventFly.Operator;

/// <summary>Prints the commands that spread a service's database over a sharded cluster; runs none of them.</summary>
internal static class ShardPlanCommand
{
    public const string Usage = """
        usage: ./eventfly mongo shard-plan --mongodb mongodb://<hosts>/<database>?<options>

        Prints what to type into mongosh, once per database of a service that has run on the cluster.
        """;

    public static async Task<int> Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (args is not ["shard-plan", "--mongodb", var uri])
        {
            await error.WriteLineAsync(Usage);
            return 2;
        }

        try
        {
            var name = MongoDatabase.Open(uri).Name;
            await using var contents = new MongoContents(uri, TimeProvider.System);
            await output.WriteLineAsync("// A stream stays together, in the order of its commits: ranges of _id, not hashes.");
            await output.WriteLineAsync($"sh.enableSharding(\"{name}\")");
            foreach (var collection in (string[])["commits", "snapshot_parts"])
            {
                await output.WriteLineAsync($"sh.shardCollection(\"{name}.{collection}\", {{ _id: 1 }})");
            }

            foreach (var collection in await contents.Collections(cancellationToken))
            {
                await output.WriteLineAsync(collection.UniqueKeys.Count == 0
                    ? $"sh.shardCollection(\"{name}.{collection.Collection}\", {{ _id: 1 }})"
                    : $"// {name}.{collection.Collection} stays on one shard: a unique index ({string.Join(", ", collection.UniqueKeys)}) must begin with the shard key.");
            }

            return 0;
        }
        catch (Exception failed) when (failed is StorageUnavailableException or FormatException)
        {
            await error.WriteLineAsync(failed.Message);
            return 1;
        }
    }
}
