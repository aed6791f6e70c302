namespace EventFly.Participants.Scans;

public enum Direction
{
    In,
    Out,
}

public enum ScanOutcome
{
    /// <summary>Lets its ticket in.</summary>
    Admitted,

    /// <summary>Lets its ticket out.</summary>
    Exited,

    /// <summary>Nobody passed, or nobody had to be inside.</summary>
    Refused,

    /// <summary>Somebody was let in whom the merged log would not have let in.</summary>
    Conflict,

    /// <summary>Taken back.</summary>
    Undone,
}

/// <summary>One look at a ticket at a door, as it is kept.</summary>
/// <param name="ScanId">Chosen by whoever scans; sent again it is the same scan.</param>
/// <param name="TicketId">Null where the code names no ticket of this event.</param>
/// <param name="CodeVersion">Null for a ticket that was found by hand.</param>
/// <param name="At">When it happened, by our clock; with the id it is the scan's place in the log.</param>
/// <param name="DeviceTime">By the clock of the device, where it says so.</param>
/// <param name="By">The account or the device.</param>
/// <param name="LetIn">What the door did. Whoever leaves is never kept.</param>
public sealed record Scan(
    Guid ScanId,
    Guid? TicketId,
    int? CodeVersion,
    Direction Direction,
    string Gate,
    DateTimeOffset At,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? DeviceTime,
    Guid By,
    bool ByDevice,
    bool LetIn)
{
    /// <summary>What is wrong with it whatever its ticket is: <c>code-forged</c>.</summary>
    public string? Fault { get; init; }

    /// <summary>Why the door let nobody in.</summary>
    public string? Because { get; init; }

    /// <summary>The scan that stood against it at the door.</summary>
    public Guid? Against { get; init; }

    /// <summary>Seconds by which the device's clock was behind ours, where that was worth a correction.</summary>
    public double? ClockBehind { get; init; }
}

/// <summary>A place in the log: by time, then by id, so that it is the same in whatever order scans arrive.</summary>
public readonly record struct Place(DateTimeOffset At, Guid ScanId) : IComparable<Place>
{
    public int CompareTo(Place other) => At.CompareTo(other.At) is not 0 and var byTime ? byTime : ScanId.CompareTo(other.ScanId);

    public static bool operator <(Place left, Place right) => left.CompareTo(right) < 0;

    public static bool operator <=(Place left, Place right) => left.CompareTo(right) <= 0;

    public static bool operator >(Place left, Place right) => left.CompareTo(right) > 0;

    public static bool operator >=(Place left, Place right) => left.CompareTo(right) >= 0;
}

/// <summary>A scan and what it came to among all others.</summary>
/// <param name="Reason">Why it lets nobody in: <c>already-admitted</c>.</param>
/// <param name="Against">The scan that stands against it.</param>
/// <param name="Undone">Who took it back, or null.</param>
public sealed record Entry(Scan Scan, ScanOutcome Outcome, string? Reason, Guid? Against, Undoing? Undone)
{
    public Place Place => new(Scan.At, Scan.ScanId);
}

/// <param name="Why">Empty where nobody said it.</param>
public sealed record Undoing(Guid By, bool ByDevice, string Why, DateTimeOffset At);

/// <summary>How staff settled a conflict.</summary>
public sealed record Resolution(Guid By, string Note, DateTimeOffset At);

/// <summary>An outcome that the last event brought about or changed.</summary>
/// <param name="Before">Null for a scan that is new.</param>
public readonly record struct Turn(Scan Scan, ScanOutcome? Before, ScanOutcome After);
