namespace EventFly.Prove.Plan;

/// <param name="Price">In minor units; 0 is free.</param>
/// <param name="Quotas">What a ticket counts in, besides its type's own quantity.</param>
internal sealed record TicketType(Guid Id, string Name, long Price, int Quantity, IReadOnlyList<Guid> Quotas);

/// <summary>A limit that several types share.</summary>
internal sealed record Quota(Guid Id, string Name, int Capacity);

/// <summary>What is on sale: of each type more than the quotas let through together, so that both kinds of limits are reached.</summary>
internal sealed record Shop(Guid OrganizationId, Guid EventId, IReadOnlyList<TicketType> Types, IReadOnlyList<Quota> Quotas)
{
    public static Shop Of(Draw draw, int tickets)
    {
        var hall = new Quota(draw.Id(), "Hall", tickets);
        var floor = new Quota(draw.Id(), "Floor", Share(0.62));
        var types = new (string Name, long Price, double Share, Guid[] Quotas)[]
        {
            ("Regular", 2_500, 0.5, [hall.Id, floor.Id]),
            ("Student", 1_000, 0.2, [hall.Id, floor.Id]),
            ("Balcony", 4_000, 0.25, [hall.Id]),
            ("Front row", 12_000, 0.05, [hall.Id]),
            ("Community", 0, 0.13, [hall.Id]),
        };
        return new Shop(
            draw.Id(), draw.Id(), [.. types.Select(type => new TicketType(draw.Id(), type.Name, type.Price, Share(type.Share), type.Quotas))], [hall, floor]);

        int Share(double part) => Math.Max(1, (int)(tickets * part));
    }
}
