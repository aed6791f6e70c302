using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts;

namespace EventFly.BuildingBlocks.Tests.Storage;

[Contract("test", "PlaceSaid")]
public sealed record PlaceSaid(string Text);

public sealed record Place(
    string Id,
    string? City,
    long Rank = 0,
    IReadOnlyList<string>? Tags = null,
    double? Latitude = null,
    double? Longitude = null,
    bool Open = true,
    DateTimeOffset? Built = null,
    DateTimeOffset? Until = null,
    string? Slug = null,
    decimal Price = 0)
{
    public static DocumentType<Place> Type => new DocumentType<Place>("places", place => place.Id)
        .Text("city", place => place.City)
        .Integer("rank", place => place.Rank)
        .Texts("tags", place => place.Tags ?? [])
        .Number("latitude", place => place.Latitude)
        .Number("longitude", place => place.Longitude)
        .Boolean("open", place => place.Open)
        .Time("built", place => place.Built)
        .Unique("slug", place => place.Slug)
        .Index("city", "rank")
        .ExpiresAt(place => place.Until);
}

/// <summary>What every adapter promises about documents. An adapter's test class inherits this.</summary>
public abstract class DocumentContract : IAsyncLifetime
{
    protected TestClock Clock { get; } = new();

    protected StorageUnderTest Store { get; private set; } = null!;

    private Documents<Place> Places => new(Store.Documents, Place.Type, Clock);

    public async ValueTask InitializeAsync()
    {
        Store = await Open();
        await Store.Documents.Declare(Place.Type.Definition, default);
    }

    public async ValueTask DisposeAsync()
    {
        // Null when the test was skipped: there is no such server.
        if (Store is not null)
        {
            await Store.DisposeAsync();
        }

        await CleanUp();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_document_comes_back_exactly()
    {
        var place = new Place("p1", "Zürich 東京 🎟", long.MaxValue, ["a", "b"], -12.5, 0.1, false, Clock.Now, null, "slug", 0.10m);

        await Save(place);

        var read = await Places.Get("p1", default);
        Assert.Equivalent(place, read!.Body, strict: true);
        Assert.Equal(1, read.Version);
        Assert.Null(await Places.Get("p2", default));
    }

    [Fact]
    public async Task Each_write_raises_the_version_and_a_stale_one_writes_nothing()
    {
        await Save(new Place("p1", "Bern"));
        Assert.Equal(2, (await Save(new Place("p1", "Basel"))).Document!.Version);

        Assert.Equal(WriteOutcome.Conflict, (await Write("p1", expected: 1, "Late")).Outcome);
        Assert.Equal(WriteOutcome.Conflict, (await Write("p1", expected: 0, "Again")).Outcome);
        Assert.Equal(WriteOutcome.Conflict, (await Write("p9", expected: 1, "Nowhere")).Outcome);
        Assert.Equal("Basel", (await Places.Get("p1", default))!.Body.City);
    }

    [Fact]
    public async Task Parallel_changes_all_happen()
    {
        await Save(new Place("p1", "Bern"));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                Changed<Place> changed;
                do
                {
                    changed = await Places.Change("p1", current => current!.Body with { Rank = current.Body.Rank + 1 }, default);
                }
                while (changed.Refusal is not null);
            }
        })));

        Assert.Equal(80, (await Places.Get("p1", default))!.Body.Rank);
    }

    [Fact]
    public async Task A_deleted_document_is_gone_and_a_new_one_continues_its_versions()
    {
        await Save(new Place("p1", "Bern", Tags: ["x"]));

        await Places.Change("p1", _ => Change.Delete<Place>(), default);
        Assert.Null(await Places.Get("p1", default));
        Assert.Empty(await Find(new Where.Eq("tags", "x")));
        await Places.Change("p1", _ => Change.Delete<Place>(), default);

        Assert.Equal(3, (await Save(new Place("p1", "Chur"))).Document!.Version);
    }

    [Fact]
    public async Task A_unique_key_belongs_to_one_document()
    {
        await Save(new Place("p1", "Bern", Slug: "one"));
        await Save(new Place("p2", "Bern", Slug: null));
        await Save(new Place("p3", "Bern", Slug: null));

        var taken = await Save(new Place("p2", "Bern", Slug: "one"));
        Assert.Equal((RefusalKind.Conflict, "slug-taken"), (taken.Refusal!.Kind, taken.Refusal.Code));
        Assert.Null((await Places.Get("p2", default))!.Body.Slug);

        await Save(new Place("p1", "Bern", Slug: "other"));
        Assert.Null((await Save(new Place("p2", "Bern", Slug: "one"))).Refusal);
        await Places.Change("p2", _ => Change.Delete<Place>(), default);
        Assert.Null((await Save(new Place("p3", "Bern", Slug: "one"))).Refusal);
    }

    [Fact]
    public async Task Of_many_documents_with_one_unique_key_exactly_one_is_stored()
    {
        var changes = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() => Save(new Place($"p{i}", "Bern", Slug: "same")))));

        Assert.Equal(1, changes.Count(changed => changed.Refusal is null));
        Assert.Equal(1, await Places.Count([], default));
    }

    [Fact]
    public async Task An_expired_document_is_gone_at_once_and_frees_its_key()
    {
        await Save(new Place("p1", "Bern", Slug: "one", Until: Clock.Now.AddMinutes(5)));
        Clock.Now = Clock.Now.AddMinutes(5).AddMilliseconds(-1);
        Assert.NotNull(await Places.Get("p1", default));

        Clock.Now = Clock.Now.AddMilliseconds(1);

        Assert.Null(await Places.Get("p1", default));
        Assert.Empty(await Find());
        Assert.Equal(0, await Places.Count([], default));
        Assert.Null((await Save(new Place("p2", "Bern", Slug: "one"))).Refusal);
        Assert.Null((await Save(new Place("p1", "Bern"))).Refusal);
    }

    [Fact]
    public async Task Conditions_mean_what_they_say()
    {
        var day = Clock.Now;
        await Save(new Place("p1", "Bern", 1, ["old", "river"], 46.9, 7.4, Open: true, Built: day));
        await Save(new Place("p2", "Bergen", 2, ["sea"], 60.4, 5.3, Open: false, Built: day.AddDays(1)));
        await Save(new Place("p3", "bern", 3, [], -17.7, 178.0, Built: day.AddDays(2)));
        await Save(new Place("p4", null, 4, ["sea", "river"], -13.8, -171.8));

        Assert.Equal(["p1"], await Find(new Where.Eq("city", "Bern")));
        Assert.Equal(["p4"], await Find(new Where.Eq("city", null)));
        Assert.Equal(["p1", "p4"], await Find(new Where.Eq("tags", "river")));
        Assert.Equal(["p3"], await Find(new Where.Eq("tags", null)));
        Assert.Equal(["p2"], await Find(new Where.Eq("open", false)));
        Assert.Equal(["p1", "p3"], await Find(new Where.In("rank", [1L, 3L, 99L])));
        Assert.Equal(["p1", "p2", "p4"], await Find(new Where.In("tags", ["sea", "old"])));
        Assert.Empty(await Find(new Where.In("rank", [])));
        Assert.Equal(["p2", "p3"], await Find(new Where.Range("rank", 2L, 4L)));
        Assert.Equal(["p2", "p3"], await Find(new Where.Range("built", day.AddDays(1), null)));
        Assert.Equal(["p1", "p2"], await Find(new Where.Prefix("city", "Ber")));
        Assert.Equal(["p1"], await Find(new Where.Prefix("city", "Bern")));
        Assert.Equal(["p1", "p2"], await Find(new Where.Box("latitude", "longitude", 40, 0, 70, 10)));
        Assert.Equal(["p3", "p4"], await Find(new Where.Box("latitude", "longitude", -20, 170, -10, -170)));
        Assert.Equal(["p2", "p4"], await Find(new Where.Any([new Where.Eq("rank", 2L), new Where.Eq("rank", 4L)])));
        Assert.Empty(await Find(new Where.Any([])));
        Assert.Equal(["p1"], await Find(new Where.Prefix("city", "B"), new Where.Eq("open", true)));
        Assert.Equal(2, await Places.Count([new Where.Prefix("city", "Ber")], default));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Pages_cover_each_document_once_in_order(bool cityDescending, bool rankDescending)
    {
        string?[] cities = [null, "Basel", "Bern", "Chur"];
        for (var i = 0; i < 40; i++)
        {
            await Save(new Place($"p{i:00}", cities[i % 4], i / 10));
        }

        List<(string? City, long Rank, string Id)> seen = [];
        string? after = null;
        do
        {
            var page = await Places.Query(new Query([], [new SortBy("city", cityDescending), new SortBy("rank", rankDescending)], 7, after), default);
            Assert.InRange(page.Items.Count, 1, 7);
            seen.AddRange(page.Items.Select(item => (item.Body.City, item.Body.Rank, item.Id)));
            after = page.Next;
        }
        while (after is not null);

        var byCity = cityDescending ? seen.OrderByDescending(at => at.City, StringComparer.Ordinal) : seen.OrderBy(at => at.City, StringComparer.Ordinal);
        var expected = (rankDescending ? byCity.ThenByDescending(at => at.Rank) : byCity.ThenBy(at => at.Rank)).ThenBy(at => at.Id, StringComparer.Ordinal);
        Assert.Equal(40, seen.Distinct().Count());
        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task A_query_that_makes_no_sense_is_refused()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Find(new Where.Eq("unknown", 1L)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Places.Query(new Query([], [], After: "not a cursor"), default));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Places.Query(new Query([], [new SortBy("rank")], After: "WyJvbmUiXQ"), default));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Places.Query(new Query([], [], 501), default));
    }

    [Fact]
    public async Task A_write_and_its_announcements_are_stored_together_or_not_at_all()
    {
        await Save(new Place("p1", "Bern", Slug: "one"), new PlaceSaid("a"), new PlaceSaid("b"));
        await Save(new Place("p2", "Bern", Slug: "one"), new PlaceSaid("never"));
        await Places.Change("p1", _ => Change.Delete<Place>(new PlaceSaid("gone")), default);

        var taken = await Store.Outbox.Take("me", 10, TimeSpan.FromSeconds(30), default);

        Assert.Equal(["a", "b", "gone"], taken.Select(entry => ((PlaceSaid)EventFly.BuildingBlocks.Messaging.Envelope.Read(entry.Announcement.Envelope.Span).Message(typeof(PlaceSaid))).Text));
        Assert.Equal([1, 1, 2], taken.Select(entry => EventFly.BuildingBlocks.Messaging.Envelope.Read(entry.Announcement.Envelope.Span).Sequence));
    }

    [Fact]
    public async Task Declaring_again_keeps_what_is_there()
    {
        await Save(new Place("p1", "Bern"));

        await Store.Documents.Declare(Place.Type.Definition, default);

        Assert.Equal(["p1"], await Find(new Where.Eq("city", "Bern")));
    }

    protected abstract Task<StorageUnderTest> Open();

    protected virtual Task CleanUp() => Task.CompletedTask;

    private Task<Changed<Place>> Save(Place place, params object[] messages) => Places.Change(place.Id, _ => Change.To(place, messages), default);

    private async Task<IEnumerable<string>> Find(params Where[] all) =>
        (await Places.Query(new Query(all, []), default)).Items.Select(item => item.Id);

    private Task<WriteResult> Write(string id, long expected, string city) => Store.Documents.Write(
        new DocumentWrite("places", id, expected, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new Place(id, city), EventFlyJson.Options), new Dictionary<string, IReadOnlyList<object>>(), new Dictionary<string, string>(), null, []),
        default);
}
