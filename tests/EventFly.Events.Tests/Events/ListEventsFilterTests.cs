namespace EventFly.Events.Tests.Events;

public sealed class ListEventsFilterTests(EventsApp app) : IClassFixture<EventsApp>
{
    [Theory]
    [InlineData("near=1,2,3", "near")]
    [InlineData("near=10,0,5,0", "near")]
    [InlineData("near=91,0,95,0", "near")]
    [InlineData("near=NaN,0,1,1", "near")]
    [InlineData("tag=%3F", "tag")]
    [InlineData("tag=a&tag=b&tag=c&tag=d&tag=e&tag=f", "tag")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-07-01T00:00:00Z&to=2026-07-01T00:00:00Z", "to")]
    [InlineData("organizationId=7", "organizationId")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=1.5", "limit")]
    [InlineData("after=nonsense", "after")]
    [InlineData("after=WyJvbmUiXQ", "after")]
    public async Task A_wrong_filter_is_refused_and_named(string filter, string field)
    {
        var problem = await (await app.Anybody.GetAsync($"/api/events?{filter}")).Is(400);

        Assert.Contains(field, problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }
}
