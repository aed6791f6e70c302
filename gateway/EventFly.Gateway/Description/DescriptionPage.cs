namespace EventFly.Gateway.Description;

/// <summary><c>/openapi</c> for people, <c>/openapi/v1.json</c> for programs. The page is ours and loads nothing from elsewhere.</summary>
internal static class DescriptionPage
{
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static void MapJoinedDescription(this WebApplication app)
    {
        app.MapGet("/openapi/v1.json", async (JoinedDescription description, CancellationToken cancellationToken) =>
            TypedResults.Bytes(await description.Get(cancellationToken), "application/json")).AllowAnonymous().ExcludeFromDescription();
        MapFile(app, "/openapi", "page.html", "text/html; charset=utf-8");
        MapFile(app, "/openapi/page.js", "page.js", "text/javascript; charset=utf-8");
        MapFile(app, "/openapi/page.css", "page.css", "text/css; charset=utf-8");
    }

    private static void MapFile(WebApplication app, string path, string file, string type)
    {
        var bytes = Read(file);
        app.MapGet(path, (HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = PagePolicy;
            return TypedResults.Bytes(bytes, type);
        }).AllowAnonymous().ExcludeFromDescription();
    }

    private static byte[] Read(string file)
    {
        using var stream = typeof(DescriptionPage).Assembly.GetManifestResourceStream($"EventFly.Gateway.Description.{file}")
            ?? throw new InvalidOperationException($"The page's file {file} is not built into the gateway.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
