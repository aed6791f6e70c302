namespace EventFly.Contracts.Events;

/// <summary>What a buyer is asked about each attendee.</summary>
/// <param name="Text">The question itself, on one line.</param>
/// <param name="MaxLength">Longest answer to a text question, in characters; null for the other kinds.</param>
/// <param name="Choices">What may be chosen; empty where nothing is to be chosen.</param>
/// <param name="TicketTypeIds">Asked for these tickets only; empty: for all.</param>
/// <param name="Removed">Not asked any more; told so that earlier answers keep their heading.</param>
public sealed record QuestionTerms(
    Guid QuestionId,
    string Text,
    QuestionKind Kind,
    bool Required,
    int? MaxLength,
    IReadOnlyList<string> Choices,
    IReadOnlyList<Guid> TicketTypeIds,
    bool Removed);

/// <summary>How a question is answered.</summary>
public enum QuestionKind
{
    /// <summary>In the attendee's own words.</summary>
    Text,

    /// <summary>With one of the choices.</summary>
    One,

    /// <summary>With any of the choices.</summary>
    Many,

    /// <summary>With yes or no.</summary>
    YesNo,
}
