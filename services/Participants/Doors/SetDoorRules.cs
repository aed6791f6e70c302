using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

/// <summary>From now on. What was scanned before keeps to the rules of its time.</summary>
internal static class SetDoorRules
{
    private const int LongestPause = 24 * 60 * 60;

    /// <param name="Gates">None: every gate that is named exists.</param>
    /// <param name="TicketTypes">Those with a rule of their own.</param>
    public sealed record Request(
        Reentry Reentry,
        [Range(0, LongestPause)] int PauseSeconds = 0,
        [MaxLength(100)] IReadOnlyList<Gate>? Gates = null,
        [MaxLength(50)] IReadOnlyList<TicketType>? TicketTypes = null);

    /// <param name="TicketTypeIds">Who may pass; absent for everybody.</param>
    public sealed record Gate([MinLength(1), MaxLength(100)] string Name, [MaxLength(50)] IReadOnlyList<Guid>? TicketTypeIds = null);

    public sealed record TicketType(Guid TicketTypeId, Reentry Reentry, [Range(0, LongestPause)] int PauseSeconds = 0);

    public static void Map(RouteGroupBuilder api) =>
        api.MapPut("/events/{eventId:guid}/door", Handle).RequirePermission("event.edit").WithName("SetDoorRules");

    private static async Task<Results<Ok<DoorRulesResponse>, ProblemHttpResult>> Handle(
        Guid eventId, Request request, CurrentUser user,
        Documents<EventAtDoor> events, Streams streams, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await events.Own(eventId, user, cancellationToken) is null)
        {
            return EventAtDoor.Unknown.ToProblem();
        }

        var rules = new DoorRules(
            new ReentryRule(request.Reentry, request.PauseSeconds),
            [.. (request.Gates ?? []).Select(gate => new GateRule(gate.Name.Trim(), gate.TicketTypeIds))],
            [.. (request.TicketTypes ?? []).Select(own => new TicketTypeRule(own.TicketTypeId, new ReentryRule(own.Reentry, own.PauseSeconds)))]);
        if (rules.Gates.Select(gate => gate.Name).Distinct().Count() != rules.Gates.Count)
        {
            return Refusal.Invalid("gate-twice", "Name each gate once.", "gates").ToProblem();
        }

        if (rules.TicketTypes.Select(own => own.TicketTypeId).Distinct().Count() != rules.TicketTypes.Count)
        {
            return Refusal.Invalid("ticket-type-twice", "Name each ticket type once.", "ticketTypes").ToProblem();
        }

        var now = clock.GetUtcNow();
        var (scans, refusal) = await streams.DecideScans(eventId, log => log.Set(eventId, rules, now), cancellationToken);
        return refusal is null ? TypedResults.Ok(DoorRulesResponse.Of(scans.Rules.Now)) : refusal.ToProblem();
    }
}
