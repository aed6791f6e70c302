using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.EventStore;
using EventFly.BuildingBlocks.Http;
using EventFly.Participants.Devices;
using EventFly.Participants.Scans;
using EventFly.Participants.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Participants.Doors;

/// <summary>
/// Everything that a door needs to decide without asking, as signed bytes in pages. A device keeps what it has and asks for what came after: tickets that
/// were sold, void, renewed, or scanned at another door.
/// </summary>
internal static class GetDoorBundle
{
    /// <summary>A JSON Web Signature with detached content (RFC 7515, appendix F) over the body as it is before it is compressed.</summary>
    public const string SignatureHeader = "Bundle-Signature";

    public const string SignatureType = "eventfly-door-bundle";

    private const int DefaultLimit = 5_000;

    private static readonly JsonSerializerOptions Json = new(EventFlyJson.Options);

    /// <param name="Since">What came after this sequence; 0 for everything.</param>
    /// <param name="Sequence">Ask for what comes after it next time.</param>
    /// <param name="IsComplete">False: ask again at once.</param>
    public sealed record Bundle(
        AtDoor Event, long Since, long Sequence, bool IsComplete, DateTimeOffset MadeAt, BundleRules Rules, IReadOnlyList<PublicTicketKey> Keys, IReadOnlyList<BundleTicket> Tickets);

    public sealed record AtDoor(Guid EventId, string Name, DateTimeOffset StartsAt, DateTimeOffset EndsAt, bool Cancelled);

    public sealed record BundleRules(Reentry Reentry, int PauseSeconds, IReadOnlyList<GateRule> Gates, IReadOnlyList<TicketTypeRule> TicketTypes);

    /// <param name="Initials">Of the attendee, to ask back; no name and no address.</param>
    /// <param name="IsVoid">Admits nobody any more.</param>
    /// <param name="LastIn">The last admission that is known here, at any door.</param>
    public sealed record BundleTicket(
        Guid TicketId, Guid TicketTypeId, int CodeVersion, string Initials, bool IsVoid, bool IsInside, int Admissions, DateTimeOffset? LastIn);

    public sealed record Page([property: Range(0, long.MaxValue)] long? Since = null, [property: Range(1, 20_000)] int? Limit = null);

    public static void Map(RouteGroupBuilder api) => api
        .MapGet("/events/{eventId:guid}/door-bundle", Handle).RequireDeviceOrPermission("checkin.scan").WithName("GetDoorBundle").Produces<Bundle>();

    private static async Task<Results<EmptyHttpResult, StatusCodeHttpResult, ProblemHttpResult>> Handle(
        Guid eventId, [AsParameters] Page page, Scanner scanner, HttpContext http,
        Documents<EventAtDoor> events, Streams streams, TicketSigner signer, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await events.Own(eventId, scanner, cancellationToken) is not { Body: var at } known)
        {
            return EventAtDoor.Unknown.ToProblem();
        }

        var (scans, _) = await streams.ReadScans(eventId, cancellationToken);
        var tag = string.Create(CultureInfo.InvariantCulture, $"W/\"v{scans.News}-{known.Version}\"");
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers.Vary = "Authorization, Accept-Encoding";
        if (http.Request.Headers.IfNoneMatch.ToString() == tag)
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(Make(at, page.Since ?? 0, page.Limit ?? DefaultLimit, scans, signer, clock.GetUtcNow()), Json);
        http.Response.Headers[SignatureHeader] = signer.SignDetached(bytes, SignatureType);
        await Send(bytes, http, cancellationToken);
        return TypedResults.Empty;
    }

    private static Bundle Make(EventAtDoor at, long since, int limit, ScanLog scans, TicketSigner signer, DateTimeOffset now)
    {
        var rules = scans.Rules.Now;
        List<BundleTicket> tickets = [];
        var (reached, isComplete) = (since, true);
        foreach (var change in scans.Changes.After(new Changed(since, Guid.AllBitsSet)))
        {
            // Changes of one moment stay together, for the next page begins after it.
            if (tickets.Count >= limit && change.Sequence != reached)
            {
                isComplete = false;
                break;
            }

            reached = change.Sequence;
            if (scans.Tickets[change.TicketId] is { Facts: { } facts } ticket)
            {
                tickets.Add(new BundleTicket(
                    facts.TicketId, facts.TicketTypeId, facts.CodeVersion, facts.Initials, facts.IsVoid, ticket.IsInside, ticket.Admissions, ticket.Last?.Scan.At));
            }
        }

        return new Bundle(
            new AtDoor(at.EventId, at.Name, at.StartsAt, at.EndsAt, at.Cancelled), since, isComplete ? Math.Max(since, scans.Sequence) : reached, isComplete, now,
            new BundleRules(rules.Rule.Reentry, rules.Rule.PauseSeconds, rules.Gates, rules.TicketTypes), PublicTicketKey.Of(signer), tickets);
    }

    private static async Task Send(byte[] bytes, HttpContext http, CancellationToken cancellationToken)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        var accepted = http.Request.Headers.AcceptEncoding.ToString();
        if (accepted.Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            http.Response.Headers.ContentEncoding = "gzip";
            await using var packed = new GZipStream(http.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
            await packed.WriteAsync(bytes, cancellationToken);
            return;
        }

        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, cancellationToken);
    }
}
