using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Payments.Alerts;

/// <summary>Somebody looks after it. It stays on the list, with their note, until what it is about is gone.</summary>
internal static class AcknowledgeAlert
{
    public sealed record Request([StringLength(1_000)] string? Note = null);

    public static void Map(RouteGroupBuilder payments) => payments.MapPut("/alerts/{alertId}/acknowledgement", Handle)
        .RequirePlatformAdminOr("billing.manage").WithName("AcknowledgeAlert");

    private static async Task<Results<Ok<AlertResponse>, ProblemHttpResult>> Handle(
        [StringLength(200, MinimumLength = 1)] string alertId, Request request, CurrentUser user, Documents<Alert> alerts, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (alert, refusal) = await alerts.Change(
            alertId,
            known => known is null || !MaySee(user, known.Body) ? Refusal.NotFound("alert-not-found", "There is no such alert.")
                : known.Body.Acknowledged is { } before && before.By == user.Id && before.Note == request.Note ? Decision.Nothing
                : known.Body with { Acknowledged = new Acknowledgement(user.Id, clock.GetUtcNow(), request.Note) },
            cancellationToken);
        return refusal is null ? TypedResults.Ok(AlertResponse.Of(alert!.Body)) : refusal.ToProblem();
    }

    private static bool MaySee(CurrentUser user, Alert alert) =>
        user.IsPlatformAdmin || (alert.OrganizationId is { } organization && user.ActsFor(organization));
}
