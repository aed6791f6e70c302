using EventFly.BuildingBlocks.Decisions;
using EventFly.Contracts.Events;

namespace EventFly.Participants.Orders;

/// <summary>Whether attendees were asked these things, and answered so.</summary>
internal static class Questionnaire
{
    /// <summary>The first answer that is wrong or missing, named by its place: <c>attendees[1].answers.0190…</c>.</summary>
    public static Refusal? FirstRefusal(this IReadOnlyList<QuestionTerms> questions, IReadOnlyList<Attendee> attendees)
    {
        for (var index = 0; index < attendees.Count; index++)
        {
            if (questions.RefusalOf(attendees[index].TicketTypeId, attendees[index].Answers, $"attendees[{index}].answers") is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <param name="path">Where the answers stand in the request.</param>
    /// <param name="earlier">What was answered before: to stay with it is fine, though the question may be gone or ask for something else now.</param>
    public static Refusal? RefusalOf(
        this IReadOnlyList<QuestionTerms> questions, Guid ticketTypeId, IReadOnlyList<Answer> answers, string path = "answers", IReadOnlyList<Answer>? earlier = null)
    {
        foreach (var answer in answers)
        {
            if (earlier?.FirstOrDefault(before => before.QuestionId == answer.QuestionId) is { } before && before.Values.SequenceEqual(answer.Values))
            {
                continue;
            }

            var place = $"{path}.{answer.QuestionId}";
            if (questions.FirstOrDefault(question => question.QuestionId == answer.QuestionId && question.IsAskedFor(ticketTypeId)) is not { } question)
            {
                return Refusal.Unprocessable("question-unknown", "Nobody asks this about this ticket.", place);
            }

            if (Fault(question, answer.Values) is { } fault)
            {
                return fault with { Field = place };
            }
        }

        foreach (var question in questions)
        {
            if (question.Required && question.IsAskedFor(ticketTypeId) && !answers.Any(answer => answer.QuestionId == question.QuestionId))
            {
                return Refusal.Unprocessable("answer-missing", "This question must be answered.", $"{path}.{question.QuestionId}");
            }
        }

        return null;
    }

    /// <summary>The answers with the words of their questions, in the order in which these are asked.</summary>
    public static IReadOnlyList<Answer> Worded(this IReadOnlyList<QuestionTerms> questions, IReadOnlyList<Answer> answers) =>
    [
        .. questions.Join(answers, question => question.QuestionId, answer => answer.QuestionId, (question, answer) => answer with { Question = question.Text }),
        .. answers.Where(answer => questions.All(question => question.QuestionId != answer.QuestionId)),
    ];

    public static bool IsAskedFor(this QuestionTerms question, Guid ticketTypeId) =>
        !question.Removed && (question.TicketTypeIds.Count == 0 || question.TicketTypeIds.Contains(ticketTypeId));

    private static Refusal? Fault(QuestionTerms question, IReadOnlyList<string> values) => question.Kind switch
    {
        QuestionKind.Many when values.Distinct(StringComparer.Ordinal).Count() != values.Count =>
            Refusal.Unprocessable("choice-repeated", "Each choice counts once."),
        not QuestionKind.Many when values.Count != 1 =>
            Refusal.Unprocessable("answers-too-many", "This question has one answer."),
        QuestionKind.Text when values[0].Length > question.MaxLength =>
            Refusal.Unprocessable("answer-too-long", $"The answer has at most {question.MaxLength} characters."),
        QuestionKind.Text when values[0].Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t')) =>
            Refusal.Unprocessable("answer-unprintable", "The answer has characters that cannot be printed."),
        QuestionKind.One or QuestionKind.Many when values.Any(value => !question.Choices.Contains(value)) =>
            Refusal.Unprocessable("choice-unknown", "This is none of the choices."),
        QuestionKind.YesNo when values[0] is not ("yes" or "no") =>
            Refusal.Unprocessable("choice-unknown", "Answer with yes or no."),
        _ => null,
    };
}
