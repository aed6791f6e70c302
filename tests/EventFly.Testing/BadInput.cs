using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventFly.Testing;

/// <summary>
/// Calls every endpoint of a service's OpenAPI document with everything that clients send by mistake or in malice. Whatever it is, the answer is never
/// 5xx, and an error is always a problem with a code; what is plainly wrong (type, syntax, a missing required field) is answered 4xx.
/// </summary>
public static class BadInput
{
    private static readonly string Huge = new('x', 100_000);

    private static readonly string[] BadTokens = ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", new('a', 10_000)];

    private static readonly string[] BadBodies = ["", "{", "[]", "null", "\"x\"", "7", "{\"a\":}", new('[', 5_000), "\u0000"];

    private static string[] BadValues => ["not-an-id", Guid.CreateVersion7().ToString(), "-1", "1.5", "99999999999999999999", "%00", "%F0%28", new('x', 3_000), "'%20OR%201=1", "..%2F.."];

    /// <summary>The one line of a service's test project.</summary>
    /// <param name="app">The service, not started yet: it is called over a socket.</param>
    /// <param name="users">Callers; each endpoint is called as each of them.</param>
    /// <exception cref="InvalidOperationException">Lists every call that was answered wrongly, or says that there was nothing to call.</exception>
    public static async Task IsAlwaysRefused<TProgram>(ServiceApp<TProgram> app, params TestUser[] users)
        where TProgram : class
    {
        // The test server cannot be sent every path that a real one must bear.
        app.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        using var client = app.CreateClient();
        await IsAlwaysRefused(client, [.. users.Select(app.Tokens.For)]);
    }

    /// <summary>The same for any address that serves <c>/openapi/v1.json</c>.</summary>
    public static async Task<int> IsAlwaysRefused(HttpClient client, IReadOnlyList<string> tokens)
    {
        var document = JsonNode.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;
        var sweep = new Sweep(client, document, tokens);
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                if (method is "get" or "put" or "post" or "delete" or "patch")
                {
                    await sweep.Run(method.ToUpperInvariant(), path, operation!);
                }
            }
        }

        return sweep.Conclude();
    }

    private sealed class Sweep(HttpClient client, JsonNode document, IReadOnlyList<string> tokens)
    {
        private readonly List<string> faults = [];
        private int calls;

        public int Conclude()
        {
            if (calls == 0)
            {
                throw new InvalidOperationException("The document names no endpoint, so nothing was tried.");
            }

            return faults.Count == 0
                ? calls
                : throw new InvalidOperationException(
                    $"{faults.Count} of {calls} calls were answered wrongly:{Environment.NewLine}{string.Join(Environment.NewLine, faults.Take(60))}");
        }

        public async Task Run(string method, string path, JsonNode operation)
        {
            var parameters = operation["parameters"]?.AsArray().Select(parameter => parameter!).ToArray() ?? [];
            var body = operation["requestBody"] is { } requestBody && requestBody["content"]?["application/json"]?["schema"] is { } schema ? Resolve(schema) : null;
            var good = body is null ? null : Sample(body, 0);
            var secured = operation["security"]?.AsArray().Count > 0;

            foreach (var token in BadTokens)
            {
                await Call(method, Fill(path, parameters), token, good?.ToJsonString(), secured, "a malformed token");
            }

            foreach (var token in tokens)
            {
                foreach (var parameter in parameters)
                {
                    foreach (var value in BadValues)
                    {
                        var name = parameter["name"]!.GetValue<string>();
                        await Call(
                            method, Fill(path, parameters, name, value), token, good?.ToJsonString(), false, $"{parameter["in"]} {name} = {Short(value)}",
                            parameter["in"]!.GetValue<string>() == "header" ? (name, value) : null);
                    }
                }

                if (body is null)
                {
                    await Call(method, Fill(path, parameters), token, method is "GET" or "DELETE" ? null : "{", false, "a body nobody asked for");
                    continue;
                }

                foreach (var text in BadBodies)
                {
                    await Call(method, Fill(path, parameters), token, text, true, $"body {Short(text)}");
                }

                foreach (var (spoiled, what, isWrong) in Spoil(body, good!, "", 0))
                {
                    await Call(method, Fill(path, parameters), token, spoiled.ToJsonString(), isWrong, what);
                }
            }
        }

        private async Task Call(
            string method, string path, string token, string? body, bool mustBeRefused, string what, (string Name, string Value)? header = null)
        {
            calls++;
            using var answer = await Send(() => RequestOf(method, path, token, body, header), $"{method} {Short(path)} with {what}");
            var text = await answer.Content.ReadAsStringAsync();
            var about = $"{method} {Short(path)} with {what}: {(int)answer.StatusCode} {Short(text)}";
            if (answer.StatusCode >= HttpStatusCode.InternalServerError)
            {
                faults.Add("5xx: " + about);
            }
            else if (answer.StatusCode >= HttpStatusCode.BadRequest)
            {
                // A target that the HTTP server itself cannot parse never reaches the service: 400 without a body, connection closed.
                var unparsed = answer is { StatusCode: HttpStatusCode.BadRequest, Headers.ConnectionClose: true } && text.Length == 0;
                if (!unparsed && (answer.Content.Headers.ContentType?.MediaType != "application/problem+json" || !HasCode(text)))
                {
                    faults.Add("no problem with a code: " + about);
                }
            }
            else if (mustBeRefused)
            {
                faults.Add("accepted: " + about);
            }
        }

        private static HttpRequestMessage RequestOf(string method, string path, string token, string? body, (string Name, string Value)? header)
        {
            var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
            if (header is { } extra)
            {
                request.Headers.TryAddWithoutValidation(extra.Name, extra.Value);
            }

            if (body is not null)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }

            return request;
        }

        /// <summary>
        /// A kept connection is now and then found closed by the server, seen on the first PUT after a row of refused ones; a request with a body is not
        /// repeated by the client by itself. Ask again, a bounded number of times.
        /// </summary>
        private async Task<HttpResponseMessage> Send(Func<HttpRequestMessage> request, string about)
        {
            for (var attempt = 1; ; attempt++)
            {
                using var sent = request();
                try
                {
                    return await client.SendAsync(sent);
                }
                catch (HttpRequestException broken) when (attempt < 10)
                {
                    if (broken.HttpRequestError is not HttpRequestError.ResponseEnded && broken.InnerException is not IOException)
                    {
                        throw new InvalidOperationException($"No answer to {about}", broken);
                    }
                }
            }
        }

        private static bool HasCode(string text)
        {
            try
            {
                return JsonNode.Parse(text)?["code"] is JsonValue code && code.GetValueKind() == JsonValueKind.String;
            }
            catch (JsonException)
            {
                // Not JSON is no problem with a code.
                return false;
            }
        }

        private string Fill(string path, JsonNode[] parameters, string? spoiled = null, string? value = null)
        {
            var query = new List<string>();
            foreach (var parameter in parameters)
            {
                var name = parameter["name"]!.GetValue<string>();
                var text = name == spoiled ? value! : parameter["schema"] is { } schema ? Plain(Sample(Resolve(schema), 0)) : "x";
                switch (parameter["in"]!.GetValue<string>())
                {
                    case "path":
                        path = path.Replace($"{{{name}}}", text, StringComparison.Ordinal);
                        break;
                    case "query" when name == spoiled || parameter["required"]?.GetValue<bool>() is true:
                        query.Add($"{name}={text}");
                        break;
                    default:
                        break;
                }
            }

            return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
        }

        /// <summary>Every field in turn: gone, null, of another type, too large, negative, fractional.</summary>
        private IEnumerable<(JsonNode Body, string What, bool IsWrong)> Spoil(JsonNode schema, JsonNode good, string prefix, int depth)
        {
            if (schema["properties"] is not JsonObject properties || depth > 2)
            {
                yield break;
            }

            var required = schema["required"]?.AsArray().Select(name => name!.GetValue<string>()).ToHashSet(StringComparer.Ordinal) ?? [];
            foreach (var (name, declared) in properties)
            {
                var property = Resolve(declared!);
                var without = good.DeepClone().AsObject();
                without.Remove(name);
                yield return (without, $"{prefix}{name} missing", required.Contains(name));
                yield return (With(good, name, null), $"{prefix}{name} = null", false);
                foreach (var (value, isWrong) in Wrong(TypeOf(property)))
                {
                    yield return (With(good, name, value), $"{prefix}{name} = {Short(value?.ToJsonString() ?? "null")}", isWrong);
                }

                if (TypeOf(property) == "object")
                {
                    foreach (var (inner, what, isWrong) in Spoil(property, good[name] ?? new JsonObject(), $"{prefix}{name}.", depth + 1))
                    {
                        yield return (With(good, name, inner), what, isWrong);
                    }
                }

                if (TypeOf(property) == "array" && property["items"] is { } items && good[name] is JsonArray { Count: > 0 } list)
                {
                    foreach (var (inner, what, isWrong) in Spoil(Resolve(items), list[0]!, $"{prefix}{name}[0].", depth + 1))
                    {
                        yield return (With(good, name, new JsonArray(inner.DeepClone())), what, isWrong);
                    }

                    var many = new JsonArray([.. Enumerable.Range(0, 5_000).Select(_ => list[0]!.DeepClone())]);
                    yield return (With(good, name, many), $"{prefix}{name} of 5000 items", false);
                }
            }
        }

        private static IEnumerable<(JsonNode? Value, bool IsWrong)> Wrong(string type) => type switch
        {
            "integer" => [("x", true), (1.5, true), (JsonNode.Parse("99999999999999999999"), true), (-1, false), (int.MinValue, false), (true, true), (new JsonObject(), true)],
            "number" => [("x", true), (-1.5, false), (JsonNode.Parse("1e308"), false), (new JsonArray(), true)],
            "string" => [(7, true), (new JsonObject(), true), (true, true), (Huge, false), ("", false), ("\u0000", false), ("\ud83d\ude00 ‮", false), ("' OR 1=1 --", false)],
            "boolean" => [("x", true), (7, true)],
            "array" => [("x", true), (new JsonObject(), true), (7, true), (new JsonArray(JsonNode.Parse("null")), false)],
            _ => [(7, false), (Huge, false)],
        };

        private static JsonObject With(JsonNode good, string name, JsonNode? value)
        {
            var changed = good.DeepClone().AsObject();
            changed[name] = value?.DeepClone();
            return changed;
        }

        private JsonNode Resolve(JsonNode schema)
        {
            for (var hop = 0; hop < 8; hop++)
            {
                if (schema["$ref"]?.GetValue<string>() is { } reference)
                {
                    schema = reference.TrimStart('#').Trim('/').Split('/').Aggregate(document, (node, part) => node[part]!);
                }
                else if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray choices)
                {
                    schema = choices.First(choice => choice!["type"] is not JsonValue type || type.GetValue<string>() != "null")!;
                }
                else
                {
                    break;
                }
            }

            return schema;
        }

        private JsonNode? Sample(JsonNode schema, int depth)
        {
            if (schema["enum"] is JsonArray { Count: > 0 } words)
            {
                return words[0]?.DeepClone();
            }

            switch (TypeOf(schema))
            {
                case "object" when schema["properties"] is JsonObject properties && depth < 4:
                    var sample = new JsonObject();
                    foreach (var (name, property) in properties)
                    {
                        sample[name] = Sample(Resolve(property!), depth + 1);
                    }

                    return sample;
                case "object":
                    return new JsonObject();
                case "array":
                    return schema["items"] is { } items ? new JsonArray(Sample(Resolve(items), depth + 1)) : new JsonArray();
                case "integer" or "number":
                    return schema["minimum"]?.DeepClone() ?? 1;
                case "boolean":
                    return true;
                default:
                    return schema["format"]?.GetValue<string>() switch
                    {
                        "uuid" => Guid.CreateVersion7().ToString(),
                        "date-time" => "2026-07-01T12:00:00Z",
                        "date" => "2026-07-01",
                        "email" => "a@example.org",
                        "uri" => "https://example.org/",
                        _ => new string('a', Math.Max(3, schema["minLength"]?.GetValue<int>() ?? 3)),
                    };
            }
        }

        private static string TypeOf(JsonNode schema) => schema["type"] switch
        {
            JsonArray types => types.Select(type => type!.GetValue<string>()).First(type => type != "null"),
            JsonValue type => type.GetValue<string>(),
            _ => schema["properties"] is null ? "" : "object",
        };

        private static string Plain(JsonNode? value) => value is JsonValue ? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "x" : "x";

        private static string Short(string text) => text.Length <= 160 ? text : text[..160] + "…";
    }
}
