using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;

namespace EventFly.Auth.Sessions;

internal static class ListSessions
{
    /// <param name="Current">Whether this request came from it.</param>
    public sealed record Item(Guid Id, string Client, DateTimeOffset CreatedAt, DateTimeOffset RefreshedAt, DateTimeOffset ExpiresAt, bool Current);

    public sealed record Response(IReadOnlyList<Item> Items, string? Next);

    public static void Map(RouteGroupBuilder auth) => auth.MapGet("/sessions", Handle).RequireSignIn();

    private static async Task<Response> Handle(
        [AsParameters] PageQuery page, CurrentUser user, Documents<Session> sessions, CancellationToken cancellationToken)
    {
        var found = await sessions.Query(
            page.ToQuery([new Where.Eq("account", user.Id.ToString()), new Where.Eq("ended", false)], new SortBy("created", Descending: true)), cancellationToken);
        return new Response([.. found.Items.Select(item => ItemOf(item.Body, user))], found.Next);
    }

    private static Item ItemOf(Session session, CurrentUser user) => new(
        session.Id, session.Client, session.CreatedAt, session.RefreshedAt, session.ExpiresAt, session.Id.ToString() == user.SessionId);
}
