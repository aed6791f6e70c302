namespace EventFly.Gateway.Tests;

public sealed class PublicAnswersTests
{
    private static readonly Uri Public = new("/api/auth/things/public", UriKind.Relative);

    [Fact]
    public async Task A_public_answer_is_given_to_others_who_ask_without_a_token()
    {
        await using var gateway = await GatewayApp.Start();

        using var first = await gateway.Client.GetAsync(Public);
        using var second = await gateway.Client.GetAsync(Public);

        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Single(gateway.Auth.Requests);
        Assert.NotEqual(first.Headers.GetValues("X-Request-Id"), second.Headers.GetValues("X-Request-Id"));
        Assert.Equal("nosniff", Assert.Single(second.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task Who_has_a_token_always_reaches_the_service()
    {
        await using var gateway = await GatewayApp.Start();
        using var signedIn = gateway.ClientWith(gateway.Tokens.ForParticipant());

        await gateway.Client.GetStringAsync(Public);
        await signedIn.GetStringAsync(Public);
        await signedIn.GetStringAsync(Public);

        Assert.Equal(3, gateway.Auth.Requests.Count);
    }

    [Fact]
    public async Task What_the_service_does_not_call_public_is_asked_for_each_time()
    {
        await using var gateway = await GatewayApp.Start();

        await gateway.Client.GetStringAsync(new Uri("/api/auth/things", UriKind.Relative));
        await gateway.Client.GetStringAsync(new Uri("/api/auth/things", UriKind.Relative));

        Assert.Equal(2, gateway.Auth.Requests.Count);
    }
}
