using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EventFly.BuildingBlocks.Documents;

namespace EventFly.BuildingBlocks.Copies;

/// <summary>
/// Copies one store into another and then reads both again: the copy is done when number and hash of everything agree. Broken off, it goes on where it was.
/// </summary>
public sealed class StoreCopy(IStoreContents from, IStoreContents to, Action<string> say)
{
    private const int Batch = 200;
    private const int SayEvery = 10_000;

    /// <summary>Copies and compares.</summary>
    /// <returns>Whether both hold the same. What differs was said.</returns>
    public async Task<bool> Run(CancellationToken cancellationToken)
    {
        var collections = await from.Collections(cancellationToken);
        await Copy("commits", from.Commits(await to.LastCommit(cancellationToken), cancellationToken), batch => to.Put(batch, cancellationToken));
        foreach (var collection in collections)
        {
            await to.Declare(collection, cancellationToken);
            await Copy(
                collection.Collection,
                from.Documents(collection, await to.LastDocument(collection, cancellationToken), cancellationToken),
                batch => to.Put(collection, batch, cancellationToken));
        }

        var waiting = await from.Waiting(cancellationToken);
        if (waiting.Count > 0 && (await to.Waiting(cancellationToken)).Count == 0)
        {
            await to.Put(waiting, cancellationToken);
        }

        return await Compare(collections, cancellationToken);
    }

    private async Task Copy<T>(string what, IAsyncEnumerable<T> all, Func<IReadOnlyList<T>, Task> put)
    {
        List<T> batch = new(Batch);
        long count = 0;
        await foreach (var one in all)
        {
            batch.Add(one);
            if (batch.Count == Batch)
            {
                await Flush();
            }
        }

        await Flush();
        say(string.Create(CultureInfo.InvariantCulture, $"  {what}: {count} copied"));

        async Task Flush()
        {
            if (batch.Count > 0)
            {
                await put(batch);
                count += batch.Count;
                if (count / SayEvery != (count - batch.Count) / SayEvery)
                {
                    say(string.Create(CultureInfo.InvariantCulture, $"  {what}: {count} …"));
                }

                batch = new(Batch);
            }
        }
    }

    private async Task<bool> Compare(IReadOnlyList<CollectionDefinition> collections, CancellationToken cancellationToken)
    {
        var isSame = Same("commits", await OfCommits(from, cancellationToken), await OfCommits(to, cancellationToken));
        foreach (var collection in collections)
        {
            isSame &= Same(collection.Collection, await OfDocuments(from, collection, cancellationToken), await OfDocuments(to, collection, cancellationToken));
        }

        return isSame & Same("announcements that wait", await OfWaiting(from, cancellationToken), await OfWaiting(to, cancellationToken));
    }

    private bool Same(string what, Digest source, Digest target)
    {
        var (there, here) = (source.Finish(), target.Finish());
        var isSame = there == here;
        say(string.Create(
            CultureInfo.InvariantCulture,
            $"  {what}: {(isSame ? $"{there.Count} on both sides, {there.Hash[..16]}" : $"DIFFERENT: {there.Count} ({there.Hash[..16]}) became {here.Count} ({here.Hash[..16]})")}"));
        return isSame;
    }

    private static async Task<Digest> OfCommits(IStoreContents store, CancellationToken cancellationToken)
    {
        var digest = new Digest();
        await foreach (var commit in store.Commits("", cancellationToken))
        {
            digest.Begin().Text(commit.Stream).Number(commit.ExpectedVersion).Text(commit.Id.ToString()).Number(commit.At.ToUnixTimeMilliseconds());
            foreach (var happened in commit.Events)
            {
                digest.Text(happened.Name).Bytes(happened.Data.Span);
            }
        }

        return digest;
    }

    private static async Task<Digest> OfDocuments(IStoreContents store, CollectionDefinition collection, CancellationToken cancellationToken)
    {
        var digest = new Digest();
        await foreach (var document in store.Documents(collection, "", cancellationToken))
        {
            digest.Begin().Text(document.Id).Number(document.Version).Number(document.Body is null ? 0 : 1).Number(document.Deadline?.ToUnixTimeMilliseconds() ?? -1);
            digest.Bytes(document.Body is { } body ? body.Span : []);
            foreach (var (name, values) in document.Fields.OrderBy(field => field.Key, StringComparer.Ordinal))
            {
                // Several values of one field have no order.
                foreach (var value in values.Select(Text).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
                {
                    digest.Text(name).Text(value);
                }
            }

            foreach (var (name, key) in document.Keys.OrderBy(key => key.Key, StringComparer.Ordinal))
            {
                digest.Text(name).Text(key);
            }
        }

        return digest;
    }

    private static async Task<Digest> OfWaiting(IStoreContents store, CancellationToken cancellationToken)
    {
        var digest = new Digest();
        // Only within one aggregate does the order mean something.
        foreach (var entry in (await store.Waiting(cancellationToken)).OrderBy(entry => entry.Aggregate, StringComparer.Ordinal))
        {
            digest.Begin().Text(entry.Aggregate).Text(entry.Announcement.Id.ToString()).Text(entry.Announcement.Subject).Bytes(entry.Announcement.Envelope.Span);
        }

        return digest;
    }

    private static string Text(object value) => value switch
    {
        DateTimeOffset time => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        bool boolean => boolean ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private sealed class Digest : IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long count;

        public Digest Begin()
        {
            count++;
            return Number(count);
        }

        public Digest Number(long number)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            hash.AppendData(bytes);
            return this;
        }

        public Digest Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

        public Digest Bytes(ReadOnlySpan<byte> bytes)
        {
            Number(bytes.Length);
            hash.AppendData(bytes);
            return this;
        }

        public (long Count, string Hash) Finish()
        {
            var finished = (count, Convert.ToHexStringLower(hash.GetHashAndReset()));
            Dispose();
            return finished;
        }

        public void Dispose() => hash.Dispose();
    }
}
