using EventFly.BuildingBlocks.Decisions;

namespace EventFly.Participants.Orders;

/// <summary>Who a ticket is for, as the buyer wrote it.</summary>
public sealed record Attendee(Guid TicketTypeId, string Name, string Email)
{
    /// <summary>In the order of the questions' ids.</summary>
    public IReadOnlyList<Answer> Answers { get; init; } = [];
}

internal static class Attendees
{
    private const int LongestName = 200;

    // RFC 5321, 4.5.3.1.3, without the angle brackets.
    private const int LongestEmail = 254;

    public static Refusal? FirstRefusal(this IReadOnlyList<Attendee> attendees)
    {
        for (var index = 0; index < attendees.Count; index++)
        {
            if (PersonRefusal(attendees[index].Name, attendees[index].Email, $"attendees[{index}].") is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <param name="path">Where name and e-mail stand in the request.</param>
    public static Refusal? PersonRefusal(string name, string email, string path = "") =>
        !IsName(name.Trim())
            ? Refusal.Invalid("attendee-name-invalid", $"A name has 1 to {LongestName} characters, all of them printable.", $"{path}name")
            : !IsEmail(email.Trim())
                ? Refusal.Invalid("attendee-email-invalid", "This is no e-mail address.", $"{path}email")
                : null;

    public static bool AreThoseOf(this IReadOnlyList<Attendee> attendees, IReadOnlyList<OrderedTicket> tickets) =>
        attendees.Count == tickets.Count && attendees.Zip(tickets).All(pair => pair.First.TicketTypeId == pair.Second.TicketTypeId
            && pair.First.Name.Trim() == pair.Second.AttendeeName && pair.First.Email.Trim() == pair.Second.AttendeeEmail
            && pair.First.Answers.SayTheSameAs(pair.Second.Answers));

    private static bool IsName(string name) => name.Length is > 0 and <= LongestName && !name.Any(char.IsControl);

    /// <summary>Only what would break a mail header or cannot be an address is refused; whether it exists is known to its server alone.</summary>
    private static bool IsEmail(string email) =>
        email.Length <= LongestEmail
        && email.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
        && at == email.LastIndexOf('@')
        && email[(at + 1)..] is { Length: > 0 } domain
        && domain.Split('.').All(label => label.Length > 0)
        && !email.Any(character => char.IsControl(character) || char.IsWhiteSpace(character) || character is '<' or '>' or ',' or ';' or ':' or '"' or '(' or ')');
}
