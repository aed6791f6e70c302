namespace EventFly.Participants.Inventory;

/// <summary>What a ticket costs without a code, and why.</summary>
/// <param name="Price">In minor units.</param>
/// <param name="Tier">The early tier that made the price.</param>
/// <param name="DemandFrom">The percentage at which the demand step began that made the price.</param>
public readonly record struct Quote(long Price, string? Tier = null, int? DemandFrom = null);

/// <summary>A price that is announced for later.</summary>
/// <param name="Price">In minor units.</param>
/// <param name="At">From this moment on, if not earlier for another reason.</param>
/// <param name="AfterTickets">Once this many more tickets are held or sold.</param>
public readonly record struct PriceAhead(long Price, DateTimeOffset? At, int? AfterTickets);

/// <summary>
/// Prices are functions of what was announced, how many tickets are taken, and the time; nothing else. Each ticket of a party pays the price of its own
/// place: of five tickets the first two may still be early ones.
/// </summary>
internal static class Pricing
{
    /// <summary>The price of the next ticket when <paramref name="taken"/> of its type are held or sold.</summary>
    public static Quote At(TicketTerms type, int taken, DateTimeOffset now)
    {
        var quote = new Quote(type.Price);
        if (type.PriceRule is not { } rule)
        {
            return quote;
        }

        foreach (var tier in rule.Tiers)
        {
            if (!tier.IsOver(taken, now))
            {
                return new Quote(tier.Price, tier.Name);
            }
        }

        if (rule.Demand is { } demand)
        {
            foreach (var step in demand.Steps)
            {
                if (taken < step.BeginsAt(type.Quantity))
                {
                    break;
                }

                quote = new Quote(step.Price, null, step.FromPercent);
            }

            // The organiser's side keeps them within the bounds; what was announced is kept here too.
            quote = quote with { Price = Math.Clamp(quote.Price, demand.Floor, demand.Ceiling) };
        }

        return quote;
    }

    /// <summary>A line of <paramref name="quantity"/> tickets in as many lines as it has prices, the lowest place first.</summary>
    public static IReadOnlyList<HeldLine> Lines(TicketTerms type, int taken, int quantity, CodeTerms? code, DateTimeOffset now)
    {
        var lines = new List<HeldLine>(1);
        var discount = code?.Discounts(type.TicketTypeId) is true ? code : null;
        var codeId = code?.CountsFor(type) is true ? code.CodeId : (Guid?)null;
        for (var (done, run) = (0, 0); done < quantity; done += run)
        {
            var quote = At(type, taken + done, now);
            run = type.PriceRule is null ? quantity : 1;
            while (done + run < quantity && At(type, taken + done + run, now) == quote)
            {
                run++;
            }

            var price = discount is null ? quote.Price : Discounted(quote.Price, discount);
            lines.Add(new HeldLine(type.TicketTypeId, type.Name, run, price)
            {
                ListPrice = price == quote.Price ? null : quote.Price,
                Tier = quote.Tier,
                DemandFrom = quote.DemandFrom,
                CodeId = codeId,
            });
        }

        return lines;
    }

    /// <summary>The discount is rounded to the nearest minor unit, a half away from zero: 15 % off 9.90 is 1.49 off. Never below zero.</summary>
    public static long Discounted(long price, CodeTerms code)
    {
        var off = code.PercentOff is { } percent ? (checked(price * percent) + 50) / 100 : code.AmountOff ?? 0;
        return Math.Max(0, price - off);
    }

    /// <summary>What the price becomes next by the clock and by the count: at most one of each.</summary>
    public static IReadOnlyList<PriceAhead> Ahead(TicketTerms type, int taken, DateTimeOffset now)
    {
        if (type.PriceRule is not { } rule)
        {
            return [];
        }

        var current = At(type, taken, now).Price;
        var ahead = new List<PriceAhead>(2);
        foreach (var until in rule.Tiers.Select(tier => tier.Until).OfType<DateTimeOffset>().Where(until => until > now).Order())
        {
            if (At(type, taken, until).Price is var price && price != current)
            {
                ahead.Add(new PriceAhead(price, until, null));
                break;
            }
        }

        var counts = rule.Tiers.Select(tier => tier.UntilSold).OfType<int>()
            .Concat((rule.Demand?.Steps ?? []).Select(step => step.BeginsAt(type.Quantity)));
        foreach (var count in counts.Where(count => count > taken && count < type.Quantity).Order())
        {
            if (At(type, count, now).Price is var price && price != current)
            {
                ahead.Add(new PriceAhead(price, null, count - taken));
                break;
            }
        }

        return ahead;
    }
}
