namespace EventFly.Prove.Sweep;

/// <summary>One attempt to pay, read from its stream.</summary>
internal sealed class PaymentFacts
{
    public Guid PaymentId { get; private set; }

    public Guid OrderId { get; private set; }

    public long Amount { get; private set; }

    /// <summary>The last that is known.</summary>
    public string Status { get; private set; } = "unknown";

    /// <summary>Everything it ever was.</summary>
    public HashSet<string> Was { get; } = [];

    /// <summary>What moved, as the stream says: one for each event that is a movement.</summary>
    public List<(string Kind, string ProcessorId, long Amount)> Moved { get; } = [];

    public List<string> TakenEvents { get; } = [];

    public List<string> Differences { get; } = [];

    public static Dictionary<Guid, PaymentFacts> Of(IEnumerable<Happened> events)
    {
        var payments = new Dictionary<Guid, PaymentFacts>();
        foreach (var stream in events.Where(happened => happened.Stream.StartsWith("payment-", StringComparison.Ordinal)).GroupBy(happened => happened.Stream))
        {
            var payment = new PaymentFacts { PaymentId = Guid.ParseExact(stream.Key["payment-".Length..], "N") };
            foreach (var happened in stream) payment.Take(happened);
            payments.Add(payment.PaymentId, payment);
        }

        return payments;
    }

    private void Take(Happened happened)
    {
        var data = happened.Data;
        switch (happened.Name)
        {
            case "payment-started":
                if (Status is not "unknown") Differ(happened, "comes twice");
                OrderId = data.Id("orderId");
                Amount = data.Number("amount");
                Become("started");
                break;
            case "payment-requires-action":
                Become("requiresAction");
                break;
            case "payment-processing":
                Become("processing");
                break;
            case "payment-succeeded":
                Moved.Add(("charge", data.Text("chargeId"), data.Number("amount")));
                Become("succeeded");
                break;
            case "payment-failed":
                Become("failed");
                break;
            case "payment-cancelled":
                Become("cancelled");
                break;
            case "refund-succeeded":
                Moved.Add(("refund", data.Text("processorId"), data.Number("amount")));
                break;
            case "outside-refund-seen":
                Differ(happened, "tells of a refund that nobody asked for");
                break;
            case "processor-event-taken":
                TakenEvents.Add(data.Text("processorEventId"));
                break;
            case "refund-started" or "refund-accepted" or "refund-failed" or "dispute-seen" or "processor-fee-seen":
                break;
            default:
                Differ(happened, "is no event that this recount knows");
                break;
        }
    }

    private void Become(string status)
    {
        Status = status;
        Was.Add(status);
    }

    private void Differ(Happened happened, string how) => Differences.Add($"{happened.Stream} version {happened.Version}: {happened.Name} {how}");
}
