using EventFly.BuildingBlocks.Decisions;
using EventFly.Contracts.Events;

namespace EventFly.Events.Events;

/// <summary>What a buyer is asked about each attendee.</summary>
/// <param name="MaxLength">Longest answer to a text question, in characters; null for the other kinds.</param>
/// <param name="Choices">Empty where nothing is to be chosen.</param>
/// <param name="TicketTypeIds">Asked for these tickets only; empty: for all.</param>
/// <param name="Position">Questions are asked from the lowest to the highest.</param>
/// <param name="Removed">Not asked any more; kept, because it may have been answered.</param>
public sealed record Question(
    Guid QuestionId,
    string Text,
    QuestionKind Kind,
    bool Required,
    int? MaxLength,
    IReadOnlyList<string> Choices,
    IReadOnlyList<Guid> TicketTypeIds,
    int Position,
    bool Removed = false)
{
    public const int LongestText = 300;

    public const int LongestAnswer = 2_000;

    public const int UsualAnswer = 500;

    public const int MostChoices = 50;

    public const int LongestChoice = 200;

    /// <summary>The same question in its one spelling, or why it makes no sense.</summary>
    public (Question? Question, Refusal? Refusal) Checked()
    {
        var tidy = this with
        {
            Text = Text.Trim(),
            MaxLength = Kind is QuestionKind.Text ? MaxLength ?? UsualAnswer : MaxLength,
            Choices = [.. Choices.Select(static (string? choice) => choice?.Trim() ?? "")],
            TicketTypeIds = [.. TicketTypeIds.Distinct()],
        };
        return tidy.Fault() is { } fault ? (null, fault) : (tidy, null);
    }

    /// <summary>Whether it asks the same; lists are compared by what is in them.</summary>
    public bool AsksTheSameAs(Question other) =>
        Choices.SequenceEqual(other.Choices)
        && TicketTypeIds.SequenceEqual(other.TicketTypeIds)
        && this with { Choices = other.Choices, TicketTypeIds = other.TicketTypeIds } == other;

    private bool IsChoice => Kind is QuestionKind.One or QuestionKind.Many;

    private Refusal? Fault() => this switch
    {
        { QuestionId: var id } when id == Guid.Empty =>
            Refusal.Invalid("id-empty", "Choose an id of your own, a UUIDv7.", "questionId"),
        { Text: var text } when !IsLine(text, LongestText) =>
            Refusal.Invalid("text-invalid", $"A question has 1 to {LongestText} characters on one line.", "text"),
        { Kind: QuestionKind.Text, MaxLength: < 1 or > LongestAnswer } =>
            Refusal.Invalid("max-length-out-of-range", "An answer may have 1 to 2,000 characters.", "maxLength"),
        { Kind: not QuestionKind.Text, MaxLength: not null } =>
            Refusal.Invalid("max-length-needless", "Only answers in own words have a length.", "maxLength"),
        { IsChoice: true, Choices.Count: < 2 or > MostChoices } =>
            Refusal.Invalid("choices-out-of-range", $"Give 2 to {MostChoices} choices.", "choices"),
        { IsChoice: false, Choices.Count: > 0 } =>
            Refusal.Invalid("choices-needless", "A question of this kind has no choices.", "choices"),
        _ when Choices.Any(choice => !IsLine(choice, LongestChoice)) =>
            Refusal.Invalid("choice-invalid", $"A choice has 1 to {LongestChoice} characters on one line.", "choices"),
        _ when Choices.Distinct(StringComparer.OrdinalIgnoreCase).Count() != Choices.Count =>
            Refusal.Invalid("choices-repeat", "Each choice may be given once.", "choices"),
        { Position: < 0 or > 1_000 } =>
            Refusal.Invalid("position-out-of-range", "The position is 0 to 1,000.", "position"),
        _ => null,
    };

    private static bool IsLine(string text, int longest) => text.Length > 0 && text.Length <= longest && !text.Any(char.IsControl);
}
