namespace EventFly.BuildingBlocks.Documents;

/// <summary>A cursor that no page of this list has given. Over HTTP: 400.</summary>
public sealed class UnreadableCursorException : ArgumentException
{
    /// <summary>Without a reason.</summary>
    public UnreadableCursorException()
        : this("The cursor cannot be read.")
    {
    }

    /// <summary>With a sentence.</summary>
    public UnreadableCursorException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence and what was wrong.</summary>
    public UnreadableCursorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
