using System.Collections.Concurrent;
using System.Globalization;
using EventFly.BuildingBlocks.Decisions;
using EventFly.Payments.Ledger;
using EventFly.Payments.Payments;
using EventFly.Payments.Processor;
using EventFly.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EventFly.Payments.Tests.Ledger;

public sealed class LedgerPropertyTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Whatever is heard, how often, in which order: each movement balances, and what was once derived is derived the same ever after.</summary>
    [Fact]
    public void Movements_balance_and_never_change_whatever_is_heard_and_in_which_order()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var payment = Started(random);
            var refunds = Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7()).ToArray();
            var written = new Dictionary<string, string>();
            for (var step = 0; step < 60; step++)
            {
                var decision = Something(payment, random, refunds);
                payment = decision.Events.Aggregate(payment, Payment.Evolve);
                foreach (var movement in Movements.Of(payment, Now))
                {
                    Assert.True(movement.IsBalanced, $"seed {seed}, step {step}: {movement.MovementId}");
                    Assert.All(movement.Entries, entry => Assert.Contains(entry.Account, Accounts.All));
                    var text = string.Join(";", movement.Entries);
                    Assert.True(
                        !written.TryGetValue(movement.MovementId, out var before) || before == text,
                        $"seed {seed}, step {step}: {movement.MovementId} was {before} and is {text}");
                    written[movement.MovementId] = text;
                }
            }

            Assert.Equal(written.Keys.Order(), Movements.Of(payment, Now).Select(movement => movement.MovementId).Order());
        }
    }

    /// <summary>The same over HTTP, with webhooks twice and in the wrong order and messages twice, against what the processor says that we have.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_books_sum_to_zero_and_say_what_the_processor_says(int seed)
    {
        await using var app = new PaymentsApp(hearsWebhooks: true, ("Payments:ReconcileAfter", "00:00:00"));
        app.Bus.DeliverTwice = true;
        await app.Stripe.Switch(new { webhookDuplicate = true, webhookOutOfOrder = seed % 2 == 0 });
        var random = new Random(seed);
        var stories = Enumerable.Range(0, 12).Select(_ => random.Next()).ToArray();

        var disputed = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(stories, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (story, _) => await Live(app, new Random(story), disputed));
        await app.Stripe.Switch(new { webhookOutOfOrder = false });
        await Eventually.True(async () =>
        {
            var webhooks = (await app.Stripe.Get("/_simulator/webhooks")).Body;
            return webhooks.GetProperty("queued").GetInt32() == 0 && webhooks.GetProperty("waiting").GetInt32() == 0;
        });
        await app.Bus.Settled();

        // What is left open is seen through by the sweep, and what the processor kept is learned by the comparison.
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using var platform = app.CreateClient(PaymentsApp.Platform);
        await Eventually.True(async () =>
        {
            app.Clock.Advance(TimeSpan.FromSeconds(5));
            var run = await (await platform.PostAsync(new Uri("/api/payments/reconciliation", UriKind.Relative), null)).Is(200);
            return run.GetProperty("lastRun").GetProperty("open").GetInt64() == 0 && await AtTheProcessor(app) == await InTheBooks(app, Accounts.Processor);
        });

        var balances = await app.Get("/api/payments/ledger/balances", PaymentsApp.Platform);
        Assert.True(balances.GetProperty("isBalanced").GetBoolean());
        Assert.True(await AtTheProcessor(app) != 0, "Nothing happened, so that nothing was tried.");
        Assert.Equal(0, await app.Bus.Count(CancellationToken.None));
    }

    private static async Task Live(PaymentsApp app, Random random, ConcurrentBag<string> disputed)
    {
        string[] cards = ["pm_card_visa", "pm_card_visa", "pm_card_refundFail", "pm_card_pendingRefund", "pm_card_createDispute", "pm_card_chargeDeclined"];
        var order = await app.Placed(random.Next(100, 50_000));
        var paymentId = Guid.CreateVersion7();
        var answer = await (await app.Pay(order, paymentId, cards[random.Next(cards.Length)])).Is(200);
        if (answer.Status() is not "succeeded")
        {
            paymentId = Guid.CreateVersion7();
            await (await app.Pay(order, paymentId)).Is(200);
        }

        await (await app.Pay(order, paymentId)).Is(409, 200);
        if (random.Next(3) > 0) await app.Confirm(order, paymentId);
        for (var step = random.Next(4); step > 0; step--)
        {
            var payment = await app.Stream(paymentId);
            var part = Math.Max(1, random.NextInt64(order.Message.Amount));
            switch (random.Next(4))
            {
                case 0:
                    await app.AskBack(order, paymentId, Guid.CreateVersion7(), part);
                    break;
                case 1:
                    await app.Stripe.Post(
                        "/v1/refunds", ("payment_intent", payment.ProcessorId!), ("amount", part.ToString(CultureInfo.InvariantCulture)));
                    break;
                case 2:
                    var dispute = await app.Stripe.Post($"/_simulator/charges/{payment.ChargeId}/dispute");
                    if (dispute.Status == 200) disputed.Add(dispute.Id);
                    break;
                default:
                    if (disputed.TryTake(out var open)) await app.Turn($"/_simulator/disputes/{open}/{(random.Next(2) == 0 ? "won" : "lost")}");
                    break;
            }
        }
    }

    private static async Task<long> AtTheProcessor(PaymentsApp app)
    {
        var listed = (await app.Stripe.Get("/v1/balance_transactions?limit=100")).Body;
        Assert.False(listed.GetProperty("has_more").GetBoolean());
        return listed.GetProperty("data").EnumerateArray().Sum(transaction => transaction.GetProperty("net").GetInt64());
    }

    private static async Task<long> InTheBooks(PaymentsApp app, string account) =>
        (await app.Services.GetRequiredService<Journal>().Totals(null, app.Clock.Now.AddSeconds(1), CancellationToken.None))
            .Where(total => total.Account == account).Sum(total => total.Amount);

    private static Payment Started(Random random) => Payment.Evolve(Payment.Initial, new PaymentStarted(
        Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), 2_500, "EUR", "pm_1",
        new Uri("https://shop.example/back"), Now)
    {
        Fee = random.Next(3) == 0 ? null : new LockedFee("standard", random.Next(0, 3_000), random.Next(2) == 0),
    });

    private static Decision<PaymentEvent> Something(Payment payment, Random random, Guid[] refunds)
    {
        var refund = refunds[random.Next(refunds.Length)];
        var outcome = random.Next(4) switch
        {
            0 => (RefundOutcome)new RefundOutcome.Succeeded(),
            1 => new RefundOutcome.Pending(),
            2 => new RefundOutcome.Failed("lost"),
            _ => new RefundOutcome.Canceled(),
        };
        var theirs = new ProcessorRefund($"re_{refund:N}", outcome, "pi_1", "ch_1", refund, 100, "eur", Now);
        var reason = new[] { "requested", "sale-refused", "surplus-payment" }[random.Next(3)];
        var dispute = $"dp_{random.Next(2)}";
        var status = new[] { "warning_needs_response", "needs_response", "under_review", "won", "lost" }[random.Next(5)];
        return random.Next(9) switch
        {
            0 => payment.Succeed("pi_1", "ch_1", 2_500, "EUR", random.Next(2) == 0 ? null : 102),
            1 => payment.SeeProcessorFee("ch_1", 102),
            2 => payment.Fail("pi_1", "card_declined", "No."),
            3 => payment.StartRefund(refund, random.Next(1, 1_500), "EUR", reason, Now),
            4 => payment.HearRefund(refund, theirs),
            5 => payment.SeeOutsideRefund("re_outside", 300, (RefundStatus)random.Next(1, 4)),
            6 => payment.SeeDispute(new DisputeSeen(dispute, "ch_1", 2_500, "fraudulent", status)),
            7 => payment.SeeDispute(new DisputeSeen(dispute, "ch_1", 2_500, "fraudulent", status) { Withdrawn = 0, Reinstated = 0 }),
            _ => payment.Cancel("pi_1", "abandoned"),
        };
    }
}
