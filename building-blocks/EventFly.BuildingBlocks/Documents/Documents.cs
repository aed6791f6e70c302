using System.Text.Json;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Messaging;

namespace EventFly.BuildingBlocks.Documents;

/// <summary>Documents of one type. Every write goes through a version check.</summary>
/// <typeparam name="T">The document's body.</typeparam>
public sealed class Documents<T>(IDocumentStore store, DocumentType<T> type, TimeProvider clock)
    where T : class
{
    private const int Tries = 10;

    private readonly string collection = type.Definition.Collection;

    /// <summary>The document, or null.</summary>
    public async Task<Document<T>?> Get(string id, CancellationToken cancellationToken) =>
        await store.Get(collection, id, cancellationToken) is { } stored ? Read(stored) : null;

    /// <summary>One page of documents.</summary>
    public async Task<Page<Document<T>>> Query(Query query, CancellationToken cancellationToken)
    {
        var page = await store.Query(collection, query, cancellationToken);
        return new Page<Document<T>>([.. page.Items.Select(Read)], page.Next);
    }

    /// <summary>How many meet every condition.</summary>
    public Task<long> Count(IReadOnlyList<Where> all, CancellationToken cancellationToken) => store.Count(collection, all, cancellationToken);

    /// <summary>
    /// Reads, decides, writes at the version read; reads and decides again when somebody else was faster, a bounded number of times.
    /// </summary>
    /// <param name="id">Which document.</param>
    /// <param name="decide">
    /// Pure; may run several times. Gets null when there is no document and may then answer with the first body. The body's id must be <paramref name="id"/>.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The document now, or a refusal. A violated unique key is the refusal <c>&lt;key&gt;-taken</c> (409).</returns>
    public async Task<Changed<T>> Change(string id, Func<Document<T>?, Change<T>> decide, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var current = await Get(id, cancellationToken);
            var change = decide(current);
            if (change.Refusal is not null || (change.Body is null && !change.Delete))
            {
                return new Changed<T>(current, change.Refusal);
            }

            if (change.Delete && current is null)
            {
                return new Changed<T>(null, null);
            }

            var expected = current?.Version ?? 0;
            var result = await store.Write(WriteOf(id, expected, change), cancellationToken);
            switch (result.Outcome)
            {
                case WriteOutcome.Written:
                    return new Changed<T>(change.Body is { } body ? new Document<T>(id, result.Version, body) : null, null);
                case WriteOutcome.DuplicateKey:
                    return new Changed<T>(current, Refusal.Conflict($"{result.Key}-taken", $"This {result.Key} is already in use.") with { Field = result.Key });
                case WriteOutcome.Conflict:
                default:
                    await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 5 * attempt)), cancellationToken);
                    break;
            }
        }

        return new Changed<T>(null, Refusal.Unavailable("contended", "Too many changes at once. Try again.", TimeSpan.FromSeconds(1)));
    }

    private static Document<T> Read(StoredDocument stored) => new(
        stored.Id,
        stored.Version,
        JsonSerializer.Deserialize<T>(stored.Body.Span, EventFlyJson.Options) ?? throw new JsonException($"The document {stored.Id} is null."));

    private DocumentWrite WriteOf(string id, long expected, Change<T> change)
    {
        if (change.Body is { } named && type.IdOf(named) != id)
        {
            throw new InvalidOperationException($"The changed document calls itself {type.IdOf(named)}, not {id}.");
        }

        var at = clock.GetUtcNow();
        var announcements = change.Messages.Select(message => Envelope.Wrap(message, id, expected + 1, at)).ToArray();
        return change.Body is { } body
            ? new DocumentWrite(
                collection, id, expected, JsonSerializer.SerializeToUtf8Bytes(body, EventFlyJson.Options),
                type.FieldsOf(body), type.KeysOf(body), type.DeadlineOf(body), announcements)
            : new DocumentWrite(
                collection, id, expected, null, new Dictionary<string, IReadOnlyList<object>>(), new Dictionary<string, string>(), null, announcements);
    }
}
