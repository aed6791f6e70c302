using System.Text.Json;

namespace EventFly.StripeSimulator.Tests;

/// <summary>Whether an object that we send out could be Stripe's: each of its fields exists there, with the same JSON type.</summary>
internal static class StripeShape
{
    /// <summary>Documented by Stripe, but left out of its example objects.</summary>
    private static readonly HashSet<string> NotInTheExamples =
    [
        "payment_intent.next_action.redirect_to_url", "payment_intent.next_action.use_stripe_sdk", "setup_intent.next_action.use_stripe_sdk",
        "payment_intent.last_payment_error.charge", "payment_intent.last_payment_error.code", "payment_intent.last_payment_error.decline_code",
        "payment_intent.last_payment_error.doc_url", "payment_intent.last_payment_error.message", "payment_intent.last_payment_error.payment_method",
        "refund.failure_reason", "webhook_endpoint.secret", "dispute.balance_transactions[]",
    ];

    public static List<string> Differences(string kind, JsonElement ours)
    {
        var differences = new List<string>();
        Compare(kind, ours, StripeFixtures.Of(kind), differences);
        return differences;
    }

    private static void Compare(string path, JsonElement ours, JsonElement theirs, List<string> differences)
    {
        if (NotInTheExamples.Contains(path)) return;
        if (ours.ValueKind is JsonValueKind.Null || theirs.ValueKind is JsonValueKind.Null) return;
        if (Kind(ours) != Kind(theirs))
        {
            differences.Add($"{path} is {ours.ValueKind}, at Stripe {theirs.ValueKind}");
            return;
        }

        if (ours.ValueKind is JsonValueKind.Array)
        {
            if (theirs.GetArrayLength() == 0) return;
            foreach (var item in ours.EnumerateArray()) Compare($"{path}[]", item, theirs[0], differences);
        }

        if (ours.ValueKind is not JsonValueKind.Object || path.EndsWith(".metadata", StringComparison.Ordinal)) return;
        foreach (var field in ours.EnumerateObject())
        {
            var name = $"{path}.{field.Name}";
            if (theirs.TryGetProperty(field.Name, out var match)) Compare(name, field.Value, match, differences);
            else if (!NotInTheExamples.Contains(name)) differences.Add($"{name} does not exist at Stripe");
        }
    }

    private static JsonValueKind Kind(JsonElement element) => element.ValueKind is JsonValueKind.False ? JsonValueKind.True : element.ValueKind;
}
