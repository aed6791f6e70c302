using System.Globalization;
using System.Text;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFly.Payments.Ledger;

/// <summary>The same as CSV, a line per entry, the oldest first. Ids, numbers and our own words only: nothing that a spreadsheet would run.</summary>
internal static class ExportMovements
{
    private const int PageSize = 500;

    private const string Heading = "recorded_at,movement_id,kind,organization_id,event_id,order_id,payment_id,processor_id,account,currency,debit,credit\r\n";

    /// <summary>What an export may take; a longer book is exported by parts.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static void Map(RouteGroupBuilder payments) => payments.MapGet("/ledger/movements.csv", Handle)
        .RequirePlatformAdminOr("billing.manage", "order.read").WithRequestTimeout(Longest).WithName("ExportMovements");

    private static Results<PushStreamHttpResult, ProblemHttpResult> Handle(
        Guid? organizationId, Guid? eventId, DateTimeOffset? from, DateTimeOffset? to, CurrentUser user, HttpContext http, Documents<Movement> movements)
    {
        var (whose, refusal) = LedgerQuery.Whose(user, organizationId);
        if ((refusal ?? LedgerQuery.RangeFault(from, to)) is { } no) return no.ToProblem();

        return TypedResults.Stream(
            body => Write(body, movements, LedgerQuery.Conditions(whose, eventId, from, to), http.RequestAborted), "text/csv; charset=utf-8", "ledger.csv");
    }

    private static async Task Write(Stream body, Documents<Movement> movements, IReadOnlyList<Where> all, CancellationToken cancellationToken)
    {
        await using var text = new StreamWriter(body, new UTF8Encoding(false), leaveOpen: true);
        await text.WriteAsync(Heading);
        string? after = null;
        do
        {
            var page = await movements.Query(new Query(all, [new SortBy("recordedAt")], PageSize, after), cancellationToken);
            foreach (var movement in page.Items.Select(document => document.Body))
            {
                foreach (var entry in movement.Entries) await text.WriteAsync(Line(movement, entry));
            }

            await text.FlushAsync(cancellationToken);
            after = page.Next;
        }
        while (after is not null);
    }

    private static string Line(Movement movement, Entry entry) => string.Create(
        CultureInfo.InvariantCulture,
        $"{movement.RecordedAt:O},{movement.MovementId},{movement.Kind},{movement.OrganizationId},{movement.EventId},{movement.OrderId},{movement.PaymentId},{Plain(movement.ProcessorId)},{entry.Account},{movement.Currency},{Math.Max(entry.Amount, 0)},{Math.Max(-entry.Amount, 0)}\r\n");

    private static string Plain(string id) => new([.. id.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-').SkipWhile(letter => letter is '-')]);
}
