using System.Text.Json.Serialization;
using EventFly.StripeSimulator.BalanceTransactions;
using EventFly.StripeSimulator.Charges;
using EventFly.StripeSimulator.Customers;
using EventFly.StripeSimulator.Disputes;
using EventFly.StripeSimulator.Events;
using EventFly.StripeSimulator.PaymentIntents;
using EventFly.StripeSimulator.PaymentMethods;
using EventFly.StripeSimulator.Refunds;
using EventFly.StripeSimulator.SetupIntents;
using EventFly.StripeSimulator.Webhooks;

namespace EventFly.StripeSimulator.Wire;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(StripeList))]
[JsonSerializable(typeof(Deleted))]
[JsonSerializable(typeof(PaymentIntent))]
[JsonSerializable(typeof(PaymentMethod))]
[JsonSerializable(typeof(Charge))]
[JsonSerializable(typeof(Refund))]
[JsonSerializable(typeof(BalanceTransaction))]
[JsonSerializable(typeof(Customer))]
[JsonSerializable(typeof(SetupIntent))]
[JsonSerializable(typeof(Dispute))]
[JsonSerializable(typeof(StripeEvent))]
[JsonSerializable(typeof(WebhookEndpoint))]
internal sealed partial class StripeJson : JsonSerializerContext;
