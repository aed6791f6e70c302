using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Inventory;

/// <summary>How often each code of an event is used, in tickets, for its organisation alone.</summary>
internal static class GetCodeUses
{
    public sealed record Response(IReadOnlyList<CodeUses> Items);

    /// <param name="Held">In orders that are not paid yet.</param>
    /// <param name="Left">Absent where there is no limit.</param>
    public sealed record CodeUses(Guid PromoCodeId, int Held, int Sold, int? Left);

    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/events/{eventId:guid}/promo-codes/uses", Handle).RequirePermission("ticket.manage").WithName("GetCodeUses");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid eventId, CurrentUser user, HttpResponse http, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (inventory, refusal) = await streams.ReadInventory(eventId, cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        if (inventory.Terms is not { } terms || !user.ActsFor(terms.OrganizationId))
        {
            return Refusal.NotFound("event-unknown", "There is no such event.").ToProblem();
        }

        http.Headers.CacheControl = "private, no-store";
        return TypedResults.Ok(new Response([.. terms.Codes.Select(code =>
        {
            var counter = inventory.Counters[CounterKey.OfCode(code.CodeId)];
            return new CodeUses(code.CodeId, counter.TakenAt(now) - counter.Sold, counter.Sold, inventory.UsesLeft(code, now));
        })]));
    }
}
