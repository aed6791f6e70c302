using System.Globalization;
using System.Net;
using System.Text;
using EventFly.StripeSimulator.Webhooks;

namespace EventFly.StripeSimulator.Control;

/// <summary>What a person sees: the last payments and webhooks, and the switches.</summary>
internal static class StartPage
{
    private const string Head =
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Stripe simulator</title>
        <style>body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
        table{border-collapse:collapse;width:100%;margin-bottom:2rem}td,th{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #ddd}
        code{font-size:.85em}label{display:inline-block;min-width:16rem;margin:.2rem 1rem .2rem 0}input[type=number]{width:7rem}</style>
        <h1>Stripe simulator</h1>
        <p>Stands in for Stripe in local runs. No real money. Everything here is gone when the process ends.</p>
        """;

    private const string Script =
        """
        <script>
        for (const input of document.querySelectorAll('[data-switch]')) input.onchange = async () => {
          const value = input.type === 'checkbox' ? input.checked : Number(input.value);
          const answer = await fetch('/_simulator/switches', { method: 'PATCH', headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ [input.dataset.switch]: value }) });
          if (!answer.ok) alert((await answer.json()).error);
        };
        </script>
        """;

    public static IResult Show(Account account, WebhookLog log, WebhookQueue queue)
    {
        var page = new StringBuilder(Head);
        ShowSwitches(page, account.Switches.Current);

        page.Append(CultureInfo.InvariantCulture, $"<h2>Payments ({account.PaymentIntents.Count})</h2>");
        page.Append("<table><tr><th>payment<th>amount<th>status<th>charge<th>metadata");
        foreach (var intent in account.PaymentIntents.NewestFirst().Take(50))
        {
            var metadata = string.Join(", ", intent.Metadata.Select(pair => $"{pair.Key}={pair.Value}"));
            page.Append(CultureInfo.InvariantCulture, $"<tr><td><code>{Text(intent.Id)}</code><td>{intent.Amount} {Text(intent.Currency)}");
            page.Append(CultureInfo.InvariantCulture, $"<td>{Text(intent.Status)} {Text(intent.LastPaymentError?.DeclineCode)}");
            page.Append(CultureInfo.InvariantCulture, $"<td><code>{Text(intent.LatestCharge as string)}</code><td>{Text(metadata)}");
        }

        var counts = log.Counts;
        page.Append("</table><h2>Webhooks</h2>");
        page.Append(CultureInfo.InvariantCulture, $"<p>{counts.Delivered} delivered, {counts.Failed} failed tries, {counts.GivenUp} given up, ");
        page.Append(CultureInfo.InvariantCulture, $"{counts.Overflowed} dropped because the queue was full, {queue.Waiting} waiting.</p>");
        page.Append("<table><tr><th>at<th>event<th>type<th>attempt<th>to<th>problem");
        foreach (var tried in log.NewestFirst().Take(50))
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{tried.At:HH:mm:ss.fff}<td><code>{Text(tried.Event)}</code><td>{Text(tried.Type)}");
            page.Append(CultureInfo.InvariantCulture, $"<td>{tried.Attempt}<td>{Text(tried.Url)}<td>{Text(tried.Problem)}");
        }

        page.Append("</table>").Append(Script);
        return Results.Content(page.ToString(), "text/html; charset=utf-8");
    }

    private static void ShowSwitches(StringBuilder page, Faults faults)
    {
        page.Append("<h2>Switches</h2><p>");
        Check(page, "webhookDuplicate", "Send webhooks twice", faults.WebhookDuplicate);
        Check(page, "webhookOutOfOrder", "Send webhooks out of order", faults.WebhookOutOfOrder);
        Check(page, "webhookDropFirst", "Lose the first try of webhooks", faults.WebhookDropFirst);
        Number(page, "webhookDelayMs", "Delay webhooks (ms)", faults.WebhookDelayMs);
        Check(page, "declineEverything", "Decline every card", faults.DeclineEverything);
        Number(page, "settleAfterMs", "Payments settle after (ms)", faults.SettleAfterMs);
        Number(page, "latencyMs", "Answer later (ms)", faults.LatencyMs);
        Number(page, "errorRate", "Share of 500s (0 to 1)", faults.ErrorRate);
        Number(page, "failNextRequests", "Next POSTs that end in 500", faults.FailNextRequests);
        Number(page, "loseAnswerRate", "Share of lost answers (0 to 1)", faults.LoseAnswerRate);
        Number(page, "loseNextAnswers", "Next answers that are lost", faults.LoseNextAnswers);
    }

    private static void Check(StringBuilder page, string name, string label, bool value) =>
        page.Append(CultureInfo.InvariantCulture, $"<label><input type=checkbox data-switch={name}{(value ? " checked" : "")}> {label}</label>");

    private static void Number(StringBuilder page, string name, string label, double value) =>
        page.Append(CultureInfo.InvariantCulture, $"<label><input type=number min=0 step=any data-switch={name} value={value}> {label}</label>");

    private static string Text(string? text) => WebUtility.HtmlEncode(text) ?? "";
}
