using System.Text.Json;

namespace EventFly.Bench.Running;

/// <summary>An organiser with events on sale, and the accounts that buy. A password hash costs 50 ms, so few accounts act for many clients.</summary>
internal sealed class Stage(Api api)
{
    private const string Password = "correct horse battery";
    private const int AtOnce = 4;

    private string organizer = "";

    /// <summary>Access tokens of buyers; they outlive the run.</summary>
    public IReadOnlyList<string> Buyers { get; private set; } = [];

    public string Organizer => organizer;

    public async Task Open(int buyers, CancellationToken cancellationToken)
    {
        var signedUp = await api.Post("/api/auth/organizers", null, new { email = Email("organizer"), password = Password, name = "Olivia" }, cancellationToken);
        await api.Put($"/api/organizations/{Guid.CreateVersion7()}", Token(signedUp), new { name = "Riverside" }, cancellationToken);
        await Api.Until(
            async () =>
            {
                signedUp = await api.Post("/api/auth/sessions/refresh", null, new { refreshToken = signedUp.GetProperty("refreshToken").GetString() }, cancellationToken);
                return signedUp.GetProperty("account").TryGetProperty("organizationId", out var organization) && organization.ValueKind is not JsonValueKind.Null;
            },
            "the organiser has an organisation",
            cancellationToken);
        organizer = Token(signedUp);

        var tokens = new string[buyers];
        await Parallel.ForAsync(0, buyers, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, cancel) =>
            tokens[i] = Token(await api.Post("/api/auth/participants", null, new { email = Email("buyer"), password = Password, name = "Bea" }, cancel)));
        Buyers = tokens;
    }

    /// <summary>An event with one ticket type.</summary>
    public async Task<OnSale> Event(int tickets, long price, CancellationToken cancellationToken)
    {
        var (eventId, typeId) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var startsAt = TimeProvider.System.GetUtcNow().AddDays(30);
        await api.Put(
            $"/api/events/{eventId}",
            organizer,
            new { name = "Summer Night", description = "An evening by the river, with four bands and the mill's own bakery.", startsAt, endsAt = startsAt.AddHours(4), timeZone = "Europe/Berlin", venue = new { name = "Old Mill" }, visibility = "public" },
            cancellationToken);
        await api.Put($"/api/events/{eventId}/ticket-types/{typeId}", organizer, new { name = "Regular", price, currency = "EUR", quantity = tickets }, cancellationToken);
        await api.Post($"/api/events/{eventId}/publication", organizer, null, cancellationToken);
        var onSale = new OnSale(eventId, typeId, tickets);
        await Api.Until(async () => await Free(onSale, cancellationToken) == tickets, "the event is on sale", cancellationToken);
        return onSale;
    }

    public async Task<int> Free(OnSale onSale, CancellationToken cancellationToken) =>
        (await api.Get($"/api/participants/events/{onSale.EventId}/availability", null, cancellationToken)).GetProperty("ticketTypes")[0].GetProperty("free").GetInt32();

    public static string Token(JsonElement signedIn) => signedIn.GetProperty("accessToken").GetString()!;

    private static string Email(string who) => $"{who}-{Guid.CreateVersion7():N}@example.org";
}

internal sealed record OnSale(Guid EventId, Guid TicketTypeId, int Tickets);
