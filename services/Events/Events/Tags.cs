namespace EventFly.Events.Events;

/// <summary>Words to find events by, in one spelling: <c>#Open  Air</c> is <c>open-air</c>.</summary>
internal static class Tags
{
    public const int MaxCount = 20;

    public const int MaxLength = 40;

    /// <summary>The tag in its one spelling; null when nothing that can be searched for is left, or too much.</summary>
    public static string? Normalize(string? tag)
    {
        var words = (tag ?? "").ToLowerInvariant().Split([' ', '\t', '\n', '\r', '-', '_', '#'], StringSplitOptions.RemoveEmptyEntries);
        var normal = string.Join('-', words);
        return normal.Length is > 0 and <= MaxLength && normal.All(IsTagCharacter) ? normal : null;
    }

    private static bool IsTagCharacter(char character) =>
        char.IsLetterOrDigit(character) || char.IsSurrogate(character) || character is '-' or '&' or '+' or '.' or '\'';
}
