using System.Net;
using EventFly.Testing;

namespace EventFly.Auth.Tests;

public sealed class EndpointTests
{
    [Fact]
    public void Every_endpoint_says_who_may_call_it()
    {
        using var app = new AuthApp();

        Assert.Equal(
            [
                "DELETE /api/auth/api-keys/{keyId:guid}: permission staff.manage",
                "DELETE /api/auth/sessions/current: signed in",
                "DELETE /api/auth/sessions/{sessionId:guid}: signed in",
                "GET /api/auth/.well-known/jwks.json: anybody",
                "GET /api/auth/api-keys: permission staff.manage",
                "GET /api/auth/me: signed in",
                "GET /api/auth/sessions: signed in",
                "POST /api/auth/api-keys: permission staff.manage",
                "POST /api/auth/internal/api-keys/exchange: anybody",
                "POST /api/auth/invitations/accept: anybody",
                "POST /api/auth/me/email/confirmation: signed in",
                "POST /api/auth/me/email/verification/code: signed in",
                "POST /api/auth/me/email/verification: signed in",
                "POST /api/auth/organizers: anybody",
                "POST /api/auth/participants: anybody",
                "POST /api/auth/password-resets/confirm: anybody",
                "POST /api/auth/password-resets: anybody",
                "POST /api/auth/sessions/refresh: anybody",
                "POST /api/auth/sessions: anybody",
                "PUT /api/auth/me/email: signed in",
                "PUT /api/auth/me/name: signed in",
                "PUT /api/auth/me/password: signed in",
                "PUT /api/auth/sessions/current/organization: signed in",
            ],
            EndpointAccess.TableOf(app.Services));
    }

    [Fact]
    public async Task Bad_input_is_always_refused()
    {
        using var app = new AuthApp(("Attempts:FreeTries", "1000000"), ("Attempts:StrangerTries", "1000000"), ("Attempts:MailsPerAddress", "1000000"), ("Attempts:PerAddress", "1000000"), ("Attempts:SignUpsPerAddress", "1000000"))
        {
            BelievesTestTokens = true,
        };
        app.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        using var client = app.CreateClient();
        var ada = await app.SignUp("ada@example.org");

        await BadInput.IsAlwaysRefused(client, [app.Tokens.ForParticipant(ada.Account.Id)]);
    }
}
