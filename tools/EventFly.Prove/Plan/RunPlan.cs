namespace EventFly.Prove.Plan;

/// <summary>All that happens in a run. The seed decides it; only how fast the machine is does not follow from it.</summary>
internal sealed record RunPlan(
    ProveOptions Options, Shop Shop, IReadOnlyList<Buyer> Buyers, IReadOnlyList<Kill> Kills, IReadOnlyList<Weather> Weather, TimeSpan Length)
{
    public const int Accounts = 100;

    public static readonly TimeSpan HoldTime = TimeSpan.FromSeconds(8);

    private static readonly (Course, int)[] Courses =
    [
        (Course.Pay, 30), (Course.PayAfterDecline, 9), (Course.BeDeclined, 3), (Course.Authenticate, 7), (Course.RefuseToAuthenticate, 3),
        (Course.AuthenticateTooLate, 8), (Course.PayTwice, 4), (Course.CancelWhilePaying, 4), (Course.AskForMoneyBack, 4), (Course.AskForPartBack, 3), (Course.AbandonHold, 9),
        (Course.AbandonOrder, 6), (Course.ReleaseHold, 5), (Course.CancelOrder, 6),
    ];

    private static readonly (Manner, int)[] Manners = [(Manner.Patient, 78), (Manner.Twice, 14), (Manner.Impatient, 8)];

    public static RunPlan Of(ProveOptions options)
    {
        var draw = new Draw(options.Seed);
        var shop = Shop.Of(draw, options.Tickets);
        var length = TimeSpan.FromSeconds(Math.Clamp(options.Buyers / 400.0, 15, 120));
        var buyers = new List<Buyer>(options.Buyers);
        for (var number = 0; number < options.Buyers; number++) buyers.Add(BuyerOf(draw, number, shop, length));
        return new RunPlan(options, shop, buyers, KillsOf(draw, options.Kills, length), WeatherOf(draw, length), length);
    }

    private static Buyer BuyerOf(Draw draw, int number, Shop shop, TimeSpan length)
    {
        // A third stand at the door when it opens; the others come by and by.
        var arrives = draw.Happens(0.3) ? draw.Between(TimeSpan.Zero, length / 10) : draw.Between(TimeSpan.Zero, length);
        var types = draw.Shuffled(shop.Types).Take(draw.Weighted([(1, 80), (2, 15), (3, 5)]));
        var lines = types.Select(type => new Wanted(type.Id, draw.Weighted([(1, 45), (2, 35), (3, 8), (4, 9), (6, 3)]))).ToArray();
        var tries = draw.Weighted([(1, 50), (2, 25), (4, 25)]);
        return new Buyer(
            number, arrives, draw.Below(Accounts), draw.Weighted(Courses), draw.Weighted(Manners), lines, [.. Enumerable.Range(0, tries).Select(_ => draw.Id())],
            draw.Id(), draw.Id(), draw.Id(), draw.Between(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(150)));
    }

    private static List<Kill> KillsOf(Draw draw, int count, TimeSpan length)
    {
        // Whose work cannot be redone by another comes first; with few kills it is them.
        var first = draw.Shuffled<(string, bool)>([("participants", true), ("payments", true), ("nats", true)]);
        var then = draw.Shuffled<(string, bool)>([("participants", false), ("redis", true), ("gateway", true), ("payments", true), ("auth", true), ("participants", true), ("events", true)]);
        (string Victim, bool All)[] victims = [.. first, .. then];
        var apart = length / (count + 1);
        return
        [
            .. Enumerable.Range(0, count).Select(index => new Kill(
                (apart * (index + 1)) - draw.Between(TimeSpan.Zero, apart / 3), victims[index % victims.Length].Victim, victims[index % victims.Length].All,
                draw.Between(TimeSpan.Zero, TimeSpan.FromSeconds(3)))),
        ];
    }

    private static List<Weather> WeatherOf(Draw draw, TimeSpan length)
    {
        (string Name, object Switches)[] kinds =
        [
            ("webhooks twice and out of order", new { webhookDuplicate = true, webhookOutOfOrder = true }),
            ("webhooks lost at first, then twice", new { webhookDropFirst = true, webhookDuplicate = true }),
            ("webhooks late and twice", new { webhookDelayMs = 3_000, webhookDuplicate = true }),
            ("payments settle after the hold's end", new { settleAfterMs = (int)HoldTime.TotalMilliseconds + 2_000, webhookDuplicate = true }),
            ("one call in ten fails", new { errorRate = 0.1, webhookDuplicate = true }),
            ("one answer in ten is lost", new { loseAnswerRate = 0.1, webhookDuplicate = true, webhookOutOfOrder = true }),
            ("slow answers", new { latencyMs = 400, webhookDuplicate = true }),
        ];
        var order = draw.Shuffled(kinds);
        return [.. order.Select((kind, index) => new Weather(length / order.Length * index, kind.Name, kind.Switches))];
    }
}
