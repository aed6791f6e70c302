using System.Globalization;
using Microsoft.AspNetCore.Http.Features;

namespace EventFly.StripeSimulator.Wire;

/// <summary>
/// The parameters of one request: <c>amount=1</c>, <c>metadata[order]=7</c>, <c>expand[]=charge</c>.
/// The first fault is remembered in <see cref="Problem"/>, so an operation reads all it needs and asks once.
/// </summary>
internal sealed class Parameters
{
    private static readonly FormOptions FormLimits = new() { ValueCountLimit = 1_000, KeyLengthLimit = 500, ValueLengthLimit = 20_000 };

    private readonly List<KeyValuePair<string, string>> values = [];

    public StripeError? Problem { get; private set; }

    public bool IsEmpty => values.Count == 0;

    public static async ValueTask<Parameters> Read(HttpRequest request, CancellationToken cancellationToken)
    {
        var parameters = new Parameters();
        parameters.Take(request.Query.Select(pair => (pair.Key, (IEnumerable<string?>)pair.Value)));

        if (HttpMethods.IsPost(request.Method) && (request.ContentLength ?? 1) > 0)
        {
            if (!request.HasFormContentType)
            {
                if (request.ContentType is not null)
                {
                    parameters.Fail(StripeError.Invalid(
                        "Request content type must be application/x-www-form-urlencoded.", code: "content_type_unsupported"));
                }

                return parameters;
            }

            try
            {
                var form = await new FormFeature(request, FormLimits).ReadFormAsync(cancellationToken);
                parameters.Take(form.Select(pair => (pair.Key, (IEnumerable<string?>)pair.Value)));
            }
            catch (InvalidDataException)
            {
                parameters.Fail(StripeError.Invalid("Your request could not be parsed: it has too many or too large parameters."));
            }
        }

        return parameters;
    }

    public string Fingerprint() =>
        string.Join('&', values.Select(v => $"{Uri.EscapeDataString(v.Key)}={Uri.EscapeDataString(v.Value)}").Order(StringComparer.Ordinal));

    public void RefuseUnknown(IReadOnlyCollection<string> known)
    {
        foreach (var (key, _) in values)
        {
            var end = key.IndexOf('[', StringComparison.Ordinal);
            var top = end < 0 ? key : key[..end];
            if (top is not "expand" && !known.Contains(top))
            {
                Fail(StripeError.Invalid($"Received unknown parameter: {top}", top, "parameter_unknown"));
                return;
            }
        }
    }

    public void Fail(StripeError error) => Problem ??= error;

    public string? Text(string name)
    {
        foreach (var (key, value) in values)
        {
            if (string.Equals(key, name, StringComparison.Ordinal)) return value.Length == 0 ? null : value;
        }

        return null;
    }

    /// <summary>True also for an empty value, which clears a field in an update.</summary>
    public bool Has(string name) => values.Exists(v => v.Key == name || v.Key.StartsWith(name + "[", StringComparison.Ordinal));

    public string RequiredText(string name)
    {
        if (Text(name) is { } text) return text;
        Fail(StripeError.Invalid($"Missing required param: {name}.", name, "parameter_missing"));
        return "";
    }

    public string? OneOf(string name, params ReadOnlySpan<string> allowed)
    {
        if (Text(name) is not { } text) return null;
        if (allowed.Contains(text)) return text;
        Fail(StripeError.Invalid($"Invalid {name}: must be one of {string.Join(", ", allowed)}", name));
        return null;
    }

    public long? Integer(string name, long least = long.MinValue, long most = long.MaxValue)
    {
        if (Text(name) is not { } text) return null;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            Fail(StripeError.Invalid($"Invalid integer: {text}", name, "parameter_invalid_integer"));
            return null;
        }

        if (number < least)
        {
            Fail(StripeError.Invalid($"This value must be greater than or equal to {least}.", name, "parameter_invalid_integer"));
            return null;
        }

        if (number > most)
        {
            Fail(StripeError.Invalid($"This value must be less than or equal to {most}.", name, "parameter_invalid_integer"));
            return null;
        }

        return number;
    }

    public bool? Flag(string name)
    {
        switch (Text(name))
        {
            case null: return null;
            case "true": return true;
            case "false": return false;
            default:
                Fail(StripeError.Invalid($"Invalid boolean: {Text(name)}", name));
                return null;
        }
    }

    /// <summary><c>name[key]=value</c> pairs, one level deep.</summary>
    public IEnumerable<KeyValuePair<string, string>> Under(string name)
    {
        foreach (var (key, value) in values)
        {
            if (key.Length > name.Length + 2 && key.StartsWith(name, StringComparison.Ordinal) && key[name.Length] == '['
                && key.IndexOf(']', name.Length) == key.Length - 1)
            {
                yield return KeyValuePair.Create(key[(name.Length + 1)..^1], value);
            }
        }
    }

    /// <summary><c>name[]=a&amp;name[]=b</c> and <c>name[0]=a&amp;name[1]=b</c>.</summary>
    public IReadOnlyList<string> Items(string name) =>
        [.. values.Where(v => v.Key == name + "[]").Select(v => v.Value),
            .. Under(name).Where(v => int.TryParse(v.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(v => v.Value)];

    public bool HasItem(string name, int index) =>
        values.Exists(v => v.Key.StartsWith($"{name}[{index}]", StringComparison.Ordinal));

    public IReadOnlyDictionary<string, string> Metadata(IReadOnlyDictionary<string, string>? before = null)
    {
        if (!Has("metadata")) return before ?? None;
        var metadata = new Dictionary<string, string>(before ?? None, StringComparer.Ordinal);
        foreach (var (key, value) in Under("metadata"))
        {
            if (value.Length == 0) metadata.Remove(key);
            else metadata[key] = value;

            if (key.Length > 40) Fail(StripeError.Invalid("Metadata keys must be 40 characters or less.", $"metadata[{key}]"));
            if (value.Length > 500) Fail(StripeError.Invalid("Metadata values must be 500 characters or less.", $"metadata[{key}]"));
        }

        if (metadata.Count > 50) Fail(StripeError.Invalid("Metadata can hold at most 50 keys.", "metadata"));
        return metadata;
    }

    public static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    private void Take(IEnumerable<(string Key, IEnumerable<string?> Values)> pairs)
    {
        foreach (var (key, several) in pairs)
        {
            foreach (var value in several) values.Add(KeyValuePair.Create(key, value ?? ""));
        }
    }
}
