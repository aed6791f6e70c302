using System.Buffers;

namespace EventFly.Messaging.Nats.JetStream;

/// <summary>What is called how on the bus.</summary>
internal static class Names
{
    public const string DeadLetters = "EVENTFLY_DEAD_LETTERS";
    public const string DeadLetterPrefix = "eventfly-dead";
    public const string Replays = "EVENTFLY_REPLAYS";
    public const string ReplayPrefix = "eventfly-replay";

    public const string MessageId = "Nats-Msg-Id";
    public const string Traceparent = "traceparent";
    public const string Reason = "Eventfly-Reason";
    public const string Attempts = "Eventfly-Attempts";
    public const string OriginalId = "Eventfly-Original-Id";

    private static readonly SearchValues<char> InName = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> NotInSubject = SearchValues.Create(" *>\t\r\n");

    /// <summary><c>EVENTFLY_PARTICIPANTS</c>.</summary>
    public static string StreamOf(string speaker) => $"EVENTFLY_{Token(speaker).Replace('-', '_').ToUpperInvariant()}";

    /// <summary><c>eventfly.participants.&gt;</c>.</summary>
    public static string SubjectsOf(string speaker) => $"eventfly.{Token(speaker)}.>";

    /// <summary>The speaker of <c>eventfly.&lt;speaker&gt;.&lt;EventName&gt;.&lt;aggregate id&gt;</c>.</summary>
    /// <exception cref="ArgumentException">Not such a subject.</exception>
    public static string SpeakerOf(string subject)
    {
        Span<Range> tokens = stackalloc Range[5];
        var text = subject.AsSpan();
        var count = text.Split(tokens, '.');
        if (count < 4 || text[tokens[0]] is not "eventfly" || text.ContainsAny(NotInSubject) || text is [.., '.'] || subject.Contains("..", StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{subject}' is not eventfly.<service>.<EventName>.<aggregate id>.", nameof(subject));
        }

        return text[tokens[1]].ToString();
    }

    /// <summary>The subject without the aggregate id: few of them, so it names spans.</summary>
    public static string TypeOf(string subject)
    {
        var third = 0;
        for (var dots = 0; third < subject.Length; third++)
        {
            if (subject[third] == '.' && ++dots == 3)
            {
                break;
            }
        }

        return subject[..third];
    }

    /// <summary>The aggregate id; messages with the same one are handled one after the other.</summary>
    public static ReadOnlySpan<char> AggregateOf(string subject)
    {
        var type = TypeOf(subject);
        return type.Length < subject.Length ? subject.AsSpan(type.Length + 1) : subject;
    }

    /// <summary>A service's name as it becomes part of subjects and stream names.</summary>
    public static string Token(string name) =>
        name.Length > 0 && !name.AsSpan().ContainsAnyExcept(InName)
            ? name
            : throw new ArgumentException($"'{name}' is no service name: lower-case letters, digits and dashes.", nameof(name));
}
