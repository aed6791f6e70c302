using System.Text.Json;
using System.Text.Json.Nodes;
using EventFly.Gateway.Routes;

namespace EventFly.Gateway.Description;

/// <summary>The OpenAPI documents of all services as one. Each service's schemas keep their names behind the service's: <c>auth.SignInRequest</c>.</summary>
internal sealed partial class JoinedDescription(IHttpClientFactory clients, TimeProvider clock, ILogger<JoinedDescription> logger) : IDisposable
{
    private const string Schemas = "#/components/schemas/";

    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim joining = new(1, 1);
    private byte[]? last;
    private long joinedAt;

    public async Task<byte[]> Get(CancellationToken cancellationToken)
    {
        await joining.WaitAsync(cancellationToken);
        try
        {
            if (last is null || clock.GetElapsedTime(joinedAt) > Remembered)
            {
                (last, joinedAt) = (JsonSerializer.SerializeToUtf8Bytes(await Join(cancellationToken)), clock.GetTimestamp());
            }

            return last;
        }
        finally
        {
            joining.Release();
        }
    }

    public void Dispose() => joining.Dispose();

    private async Task<JsonObject> Join(CancellationToken cancellationToken)
    {
        var (paths, schemas, securitySchemes, missing) = (new JsonObject(), new JsonObject(), new JsonObject(), new JsonArray());
        var documents = await Task.WhenAll(ServiceRoutes.Services.Select(service => Fetch(service, cancellationToken)));
        foreach (var (service, document) in ServiceRoutes.Services.Zip(documents))
        {
            if (document is null)
            {
                missing.Add(service);
                continue;
            }

            NameSchemas(document, service);
            foreach (var (path, operations) in document["paths"]?.AsObject() ?? [])
            {
                // Only what has a door.
                if (path.StartsWith($"/api/{service}/", StringComparison.Ordinal) && !path.Contains("/internal/", StringComparison.Ordinal))
                {
                    Tag(operations!, service);
                    paths[path] = operations!.DeepClone();
                }
            }

            foreach (var (name, schema) in document["components"]?["schemas"]?.AsObject() ?? [])
            {
                schemas[$"{service}.{name}"] = schema!.DeepClone();
            }

            foreach (var (name, scheme) in document["components"]?["securitySchemes"]?.AsObject() ?? [])
            {
                securitySchemes[name] = scheme!.DeepClone();
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "EventFly", ["version"] = "v1" },
            ["tags"] = new JsonArray([.. ServiceRoutes.Services.Select(service => new JsonObject { ["name"] = service })]),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas, ["securitySchemes"] = securitySchemes },
            ["x-missing"] = missing,
        };
    }

    private async Task<JsonNode?> Fetch(string service, CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient(nameof(JoinedDescription));
            await using var stream = await client.GetStreamAsync(new Uri($"http://{service}/openapi/v1.json"), cancellationToken);
            return await JsonNode.ParseAsync(stream, cancellationToken: cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Missing(logger, service, exception.Message);
            return null;
        }
    }

    private static void Tag(JsonNode operations, string service)
    {
        foreach (var (_, operation) in operations.AsObject())
        {
            if (operation is JsonObject described)
            {
                described["tags"] = new JsonArray(service);
            }
        }
    }

    private static void NameSchemas(JsonNode? node, string service)
    {
        switch (node)
        {
            case JsonObject children:
                if (children["$ref"]?.GetValueKind() == JsonValueKind.String
                    && children["$ref"]!.GetValue<string>() is var reference && reference.StartsWith(Schemas, StringComparison.Ordinal))
                {
                    children["$ref"] = $"{Schemas}{service}.{reference[Schemas.Length..]}";
                }

                foreach (var (_, child) in children)
                {
                    NameSchemas(child, service);
                }

                break;
            case JsonArray children:
                foreach (var child in children)
                {
                    NameSchemas(child, service);
                }

                break;
            default:
                break;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The description of {Service} cannot be fetched, the joined one goes without: {Reason}")]
    private static partial void Missing(ILogger logger, string service, string reason);
}
