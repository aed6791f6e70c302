using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Words = EventFly.BuildingBlocks.Http.Problems;

namespace EventFly.ServiceDefaults.Problems;

/// <summary>What the framework could not bind, in the client's words. The framework's own text names types and stays inside.</summary>
internal static partial class BadRequest
{
    public static ProblemDetails Explain(BadHttpRequestException exception)
    {
        if (exception.StatusCode != StatusCodes.Status400BadRequest)
        {
            return Unanswered.For(exception.StatusCode);
        }

        if (exception.InnerException is JsonException json)
        {
            return Explain(json);
        }

        if (Parameter().Match(exception.Message) is { Success: true } parameter)
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(parameter.Groups["name"].Value);
            var missing = exception.Message.StartsWith("Required", StringComparison.Ordinal);
            return missing && exception.Message.Contains("body", StringComparison.Ordinal)
                ? Words.Of(StatusCodes.Status400BadRequest, "body-required", "Send a JSON body.")
                : Field(missing ? "is required." : "cannot be read.", name);
        }

        return exception.Message.Contains("no body", StringComparison.Ordinal)
            ? Words.Of(StatusCodes.Status400BadRequest, "body-required", "Send a JSON body.")
            : Unanswered.For(StatusCodes.Status400BadRequest);
    }

    private static ProblemDetails Explain(JsonException json)
    {
        var path = (json.Path ?? "$").TrimStart('$').TrimStart('.');
        if (MissingMembers().Match(json.Message) is { Success: true } missing)
        {
            var prefix = path.Length == 0 ? "" : path + ".";
            var names = Quoted().Matches(missing.Groups["names"].Value).Select(name => prefix + name.Groups[1].Value).ToArray();
            return Field("is required.", names);
        }

        var where = path.Length == 0 ? "The body is not the JSON that is asked for." : $"The value at {path} is not of the type that is asked for.";
        var problem = Words.Of(StatusCodes.Status400BadRequest, "malformed-json", where);
        problem.Extensions["path"] = json.Path ?? "$";
        if (path.Length > 0)
        {
            problem.Extensions["errors"] = new Dictionary<string, string[]>(StringComparer.Ordinal) { [path] = ["This value is not of the right type."] };
        }

        return problem;
    }

    private static ProblemDetails Field(string fault, params string[] names)
    {
        var problem = Words.Of(StatusCodes.Status400BadRequest, "validation", "Some values are not as they must be: see errors.");
        problem.Extensions["errors"] = names.ToDictionary(name => name, name => new[] { $"{name} {fault}" }, StringComparer.Ordinal);
        return problem;
    }

    [GeneratedRegex("""parameter "\S+ (?<name>\w+)" """, RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();

    [GeneratedRegex("missing required properties including: (?<names>.+)", RegexOptions.CultureInvariant)]
    private static partial Regex MissingMembers();

    [GeneratedRegex("'([^']+)'", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
