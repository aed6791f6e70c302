namespace EventFly.Storage.MongoDb;

/// <summary>What went wrong with MongoDB.</summary>
public enum MongoFailure
{
    /// <summary>No suitable server, or the connection broke. What became of a write is unknown.</summary>
    Unreachable,

    /// <summary>No answer in time. What became of a write is unknown.</summary>
    TimedOut,

    /// <summary>The server does not accept who we are, or we do not accept its certificate.</summary>
    NotTrusted,

    /// <summary>The server refused: <see cref="MongoException.Code"/> says why. Nothing was written.</summary>
    Refused,

    /// <summary>A unique index has this key already. Nothing was written.</summary>
    DuplicateKey,

    /// <summary>The server answered with bytes that are no answer.</summary>
    Unreadable,
}

/// <summary>MongoDB did not do what it was asked. The message names servers and commands, never credentials or documents.</summary>
public sealed class MongoException : Exception
{
    /// <summary>Without a reason.</summary>
    public MongoException()
    {
    }

    /// <summary>With a sentence.</summary>
    public MongoException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence and its cause.</summary>
    public MongoException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal MongoException(MongoFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>What kind of failure.</summary>
    public MongoFailure Failure { get; internal init; }

    /// <summary>The server's error code; 0 when it said none.</summary>
    public int Code { get; internal init; }

    /// <summary>For a violated unique index: its name.</summary>
    public string? Index { get; internal init; }

    /// <summary>Whether the store could not be asked, as opposed to having refused.</summary>
    public bool IsUnavailable => Failure is MongoFailure.Unreachable or MongoFailure.TimedOut or MongoFailure.NotTrusted;

    /// <summary>The command never left: every connection was in use.</summary>
    internal bool IsFromQueue { get; init; }

    internal IReadOnlyList<string> Labels { get; init; } = [];
}
