namespace EventFly.Auth.Tokens;

/// <summary>The public keys, for whoever checks access tokens (RFC 7517).</summary>
internal static class GetKeys
{
    public sealed record Key(string Kty, string Crv, string Use, string Alg, string Kid, string X, string Y);

    public sealed record Response(IReadOnlyList<Key> Keys);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/.well-known/jwks.json", Handle).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/api/auth/.well-known/jwks.json", Handle).AllowAnonymous().WithTags("auth");
    }

    public static Response Of(SigningKeys keys) => new([.. keys.Published.Select(key => new Key("EC", "P-256", "sig", "ES256", key.Kid, key.X, key.Y))]);

    private static Response Handle(SigningKeys keys, HttpResponse response)
    {
        response.Headers.CacheControl = "public, max-age=300";
        return Of(keys);
    }
}
