using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using EventFly.BuildingBlocks.Money;
using EventFly.Contracts.Organizations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Organizations.Packages;

/// <summary>
/// Makes a package under the client's id, or changes it (If-Match). Who has it gets what changed at once; another price counts from their next period.
/// </summary>
internal static class PutPackage
{
    private const long HighestPrice = 100_000_000;

    /// <param name="Events">Published and not over, at the same time. Absent: as many as one likes.</param>
    /// <param name="ParticipantsPerEvent">Tickets held or sold of one event.</param>
    /// <param name="Staff">Members and open invitations, the owner not counted.</param>
    public sealed record LimitsRequest(
        [property: Range(0, 1_000_000)] int? Events = null,
        [property: Range(0, 10_000_000)] int? ParticipantsPerEvent = null,
        [property: Range(0, 100_000)] int? Staff = null);

    /// <param name="Price">For one period, in minor units; 0 is free.</param>
    /// <param name="Currency">ISO 4217.</param>
    /// <param name="BoostFactor">How much the events of its organisations are put forward.</param>
    /// <param name="Color">#rrggbb.</param>
    /// <param name="FeePackage">The platform's fee schedule for what is sold. Absent: the standard one.</param>
    /// <param name="IsOffered">Whether one may subscribe to it.</param>
    /// <param name="IsDefault">Organisations without a subscription have it.</param>
    public sealed record Request(
        [property: Required, MaxLength(60), RegularExpression(@"^\s*[^\s\p{Cc}][^\p{Cc}]*$", ErrorMessage = "A name has at least one letter and no control characters.")] string Name,
        [property: Range(0, HighestPrice)] long Price,
        [property: Required, StringLength(3, MinimumLength = 3)] string Currency,
        PackagePeriod Period,
        LimitsRequest? Limits = null,
        [property: Range(0.0, 10.0)] double BoostFactor = 0.5,
        [property: MaxLength(20)] IReadOnlyList<string>? Perks = null,
        [property: MaxLength(2000), RegularExpression(@"^([^\p{Cc}]|[\r\n\t])*$", ErrorMessage = "A description is plain text.")] string? Description = null,
        [property: RegularExpression("^#[0-9A-Fa-f]{6}$", ErrorMessage = "A colour is written like #1a2b3c.")] string? Color = null,
        [property: MaxLength(60), RegularExpression("^[a-z0-9-]+$", ErrorMessage = "A fee schedule is named in small letters, digits and dashes.")] string? FeePackage = null,
        bool IsOffered = true,
        bool IsDefault = false);

    public static void Map(RouteGroupBuilder packages) => packages.MapPut("/{packageId:guid}", Handle).RequirePlatformAdmin().WithName("PutPackage");

    private static async Task<Results<Created<PackageResponse>, Ok<PackageResponse>, ProblemHttpResult>> Handle(
        Guid packageId, Request request, IfMatch ifMatch, Documents<Package> packages, TimeProvider clock, HttpResponse http, CancellationToken cancellationToken)
    {
        var (terms, malformed) = Read(request);
        if (malformed is not null)
        {
            return malformed.ToProblem();
        }

        var isNew = false;
        var (stored, refusal) = await packages.Change(
            Package.IdOf(packageId),
            known =>
            {
                isNew = known is null;
                return Decide(known, new Package(packageId, terms!, request.IsOffered, request.IsDefault, clock.GetUtcNow()), ifMatch);
            },
            cancellationToken);
        if (refusal is not null)
        {
            return (refusal.Code switch
            {
                "name-taken" => Refusal.Conflict("name-taken", "Another package has this name.") with { Field = "name" },
                "default-taken" => Refusal.Conflict("default-taken", "Another package is the default. Take that from it first.") with { Field = "isDefault" },
                _ => refusal,
            }).ToProblem();
        }

        http.SetETag(stored!.Version);
        var view = PackageResponse.Of(stored.Body);
        return isNew ? TypedResults.Created($"/api/organizations/packages/{packageId}", view) : TypedResults.Ok(view);
    }

    private static Change<Package> Decide(Document<Package>? known, Package wanted, IfMatch ifMatch) => known switch
    {
        null => wanted.Announced(),
        { Body: var there } when there.Terms.SaysTheSameAs(wanted.Terms) && there.IsOffered == wanted.IsOffered && there.IsDefault == wanted.IsDefault =>
            Decision.Nothing,
        _ when ifMatch.Refuse(known.Version) is { } stale => stale,
        _ => (wanted with { CreatedAt = known.Body.CreatedAt }).Announced(),
    };

    private static (PackageTerms? Terms, Refusal? Refusal) Read(Request request)
    {
        var currency = request.Currency.ToUpperInvariant();
        if (!Currencies.Exists(currency))
        {
            return (null, Refusal.Invalid("currency-unknown", "A currency is a three-letter code of ISO 4217, like EUR.", "currency"));
        }

        if (!Enum.IsDefined(request.Period))
        {
            return (null, Refusal.Invalid("period-unknown", "A period is month or year.", "period"));
        }

        if (!double.IsFinite(request.BoostFactor))
        {
            return (null, Refusal.Invalid("boost-factor-invalid", "A boost factor is a number from 0 to 10.", "boostFactor"));
        }

        var perks = (request.Perks ?? []).Select(perk => perk?.Trim() ?? "").ToArray();
        if (Array.FindIndex(perks, perk => perk.Length is 0 or > 120 || perk.Any(char.IsControl)) is >= 0 and var wrong)
        {
            return (null, Refusal.Invalid("perk-invalid", "A perk is 1 to 120 characters on one line.", $"perks[{wrong}]"));
        }

        var limits = request.Limits ?? new LimitsRequest();
        return (new PackageTerms(
            request.Name.Trim(), string.IsNullOrWhiteSpace(request.Description) ? null : request.Description.Trim(), request.Price, currency, request.Period,
            new PlanLimits(limits.Events, limits.ParticipantsPerEvent, limits.Staff), request.BoostFactor, perks, request.Color, request.FeePackage), null);
    }
}
