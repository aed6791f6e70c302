namespace EventFly.Contracts.Organizations;

/// <summary>Somebody changed something about an organisation. Announced in the same commit as the change; names no person and holds no address.</summary>
/// <param name="EntryId">One per change.</param>
/// <param name="ActorId">The account, or API key, that did it. Null: nobody in particular.</param>
/// <param name="Kind">What was done: <c>role-changed</c>.</param>
/// <param name="SubjectId">To what: the role, the staff id, the event.</param>
/// <param name="At">When it was decided, UTC.</param>
[Contract("organizations", "AuditRecorded")]
public sealed record AuditRecorded(Guid EntryId, Guid OrganizationId, Guid? ActorId, string Kind, Guid? SubjectId, DateTimeOffset At)
{
    /// <summary>What else there is to know, by name: <c>permissions</c>, <c>permissionsBefore</c>.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}
