using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EventFly.Payments.Tests.PayableOrders;

/// <summary>The message about an order is late, so Participants is asked.</summary>
public sealed class LateNewsTests
{
    [Fact]
    public async Task An_order_whose_message_is_late_is_paid_all_the_same_and_once()
    {
        await using var participants = await Participants.Start();
        await using var app = new PaymentsApp(hearsWebhooks: false, ("services:participants:http:0", participants.Address));
        var order = app.NewOrder();
        participants.Answer = _ => Results.Json(Answer(order, "placed"));

        await (await app.Pay(order)).Is(200);
        await app.Placed(order: order);

        await (await app.Pay(order)).Refused(409, "order-already-paid");
        Assert.Equal(["charge"], await app.MovementsOf(order));
    }

    [Fact]
    public async Task It_is_asked_with_the_token_of_the_buyer()
    {
        await using var participants = await Participants.Start();
        await using var app = new PaymentsApp(hearsWebhooks: false, ("services:participants:http:0", participants.Address));
        var order = app.NewOrder();
        string? asked = null;
        participants.Answer = http =>
        {
            asked = $"{http.Path} {http.Headers.Authorization}";
            return Results.NotFound();
        };
        var buyer = app.Buyer(order);

        await (await app.Pay(order, client: buyer)).Refused(404, "order-not-found");

        Assert.Equal($"/api/participants/orders/{order.Id} {buyer.DefaultRequestHeaders.Authorization}", asked);
    }

    [Fact]
    public async Task Somebody_elses_order_is_not_paid()
    {
        await using var participants = await Participants.Start();
        await using var app = new PaymentsApp(hearsWebhooks: false, ("services:participants:http:0", participants.Address));
        var order = app.NewOrder();
        participants.Answer = _ => Results.Json(Answer(order, "placed"));

        await (await app.Pay(order, client: app.Buyer(app.NewOrder()))).Refused(404, "order-not-found");
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("cancelled")]
    [InlineData("confirmed")]
    public async Task An_order_that_is_over_is_not_paid(string status)
    {
        await using var participants = await Participants.Start();
        await using var app = new PaymentsApp(hearsWebhooks: false, ("services:participants:http:0", participants.Address));
        var order = app.NewOrder();
        participants.Answer = _ => Results.Json(Answer(order, status));

        await (await app.Pay(order)).Refused(409, "order-closed");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task While_it_cannot_say_the_client_is_told_to_come_again(int status)
    {
        await using var participants = await Participants.Start();
        await using var app = new PaymentsApp(hearsWebhooks: false, ("services:participants:http:0", participants.Address));
        participants.Answer = _ => Results.StatusCode(status);

        var answer = await app.Pay(app.NewOrder());

        Assert.NotNull(answer.Headers.RetryAfter);
        await answer.Refused(503, "order-not-known-yet");
    }

    private static object Answer(Order order, string status) => new
    {
        orderId = order.Id, order.Message.EventId, order.Message.OrganizationId, order.Message.BuyerId, status, order.Message.Amount, order.Message.Currency, order.Message.PayBy,
    };

    /// <summary>Answers for the other service.</summary>
    private sealed class Participants : IAsyncDisposable
    {
        private readonly WebApplication server;

        private Participants(WebApplication server) => this.server = server;

        public Func<HttpRequest, IResult> Answer { get; set; } = _ => Results.NotFound();

        public string Address => server.Urls.Single();

        public static async Task<Participants> Start()
        {
            var server = WebApplication.CreateSlimBuilder().Build();
            server.Urls.Add("http://127.0.0.1:0");
            var participants = new Participants(server);
            server.MapGet("/{**path}", (HttpRequest http) => participants.Answer(http));
            await server.StartAsync();
            return participants;
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
