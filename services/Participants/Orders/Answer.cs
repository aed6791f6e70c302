namespace EventFly.Participants.Orders;

/// <summary>What was answered to a question about an attendee. Personal data: for the order's people, never for a log.</summary>
/// <param name="Values">One text, one choice, several choices, or yes or no.</param>
public sealed record Answer(Guid QuestionId, IReadOnlyList<string> Values)
{
    /// <summary>The question as it was then: it may be changed or removed later.</summary>
    public string? Question { get; init; }
}

internal static class AnswerLists
{
    /// <summary>In one spelling: nothing blank, in the order of the questions' ids.</summary>
    public static IReadOnlyList<Answer> Tidy(IReadOnlyDictionary<Guid, IReadOnlyList<string>>? given) => given is null or { Count: 0 }
        ? []
        :
        [
            .. given.OrderBy(answer => answer.Key)
                .Select(answer => new Answer(
                    answer.Key, [.. (answer.Value ?? []).Select(static (string? value) => value?.Trim() ?? "").Where(value => value.Length > 0)]))
                .Where(answer => answer.Values.Count > 0),
        ];

    /// <summary>In whatever order: questions may have been put in another one meanwhile.</summary>
    public static bool SayTheSameAs(this IReadOnlyList<Answer> some, IReadOnlyList<Answer> others) =>
        some.Count == others.Count
        && some.All(answer => others.Any(other => other.QuestionId == answer.QuestionId && other.Values.SequenceEqual(answer.Values)));
}
