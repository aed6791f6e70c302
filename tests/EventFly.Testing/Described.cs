using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace EventFly.Testing;

/// <summary>All that a value holds, private fields included, as text: for comparing two states that should be the same.</summary>
public static class Described
{
    public static string InFull(object? value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value, int depth)
    {
        switch (value)
        {
            case null:
                text.AppendLine("null");
                break;
            case DateTimeOffset time:
                text.AppendLine(time.ToString("O", CultureInfo.InvariantCulture));
                break;
            case string or bool or IFormattable:
                text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{value}"));
                break;
            case IEnumerable items:
                text.AppendLine("[");
                var descriptions = items.Cast<object?>().Select(item =>
                {
                    var one = new StringBuilder();
                    Write(one, item, depth + 1);
                    return one.ToString();
                });
                foreach (var item in HasNoOrder(value) ? descriptions.Order(StringComparer.Ordinal) : descriptions)
                {
                    text.Append(' ', depth + 1).Append(item);
                }

                text.Append(' ', depth).AppendLine("]");
                break;
            default:
                text.AppendLine(value.GetType().Name);
                for (var type = value.GetType(); type is not null; type = type.BaseType)
                {
                    foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                    {
                        text.Append(' ', depth + 1).Append(field.Name).Append(": ");
                        Write(text, field.GetValue(value), depth + 1);
                    }
                }

                break;
        }
    }

    private static bool HasNoOrder(object collection) =>
        collection is IDictionary || collection.GetType().GetInterfaces().Any(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlySet<>));
}
