namespace EventFly.Prove.Sweep;

internal static class CheckLeftovers
{
    public const string OutboxName = "the outboxes are drained";
    public const string DeadName = "no message was given up";
    public const string AlertsName = "no alert is open";
    public const string RestName = "everything came to rest";
    public const string AnswersName = "every answer is explained";

    public static Finding OutboxesAreDrained(Evidence evidence) => new(
        OutboxName, evidence.Outboxes.Count,
        [.. evidence.Outboxes.Where(outbox => outbox.Value > 0).Select(outbox => $"{outbox.Value} announcements of {outbox.Key} were not sent")]);

    public static Finding NothingIsDead(Evidence evidence) => new(DeadName, evidence.DeadLetters.Count, evidence.DeadLetters);

    public static Finding NobodyIsAlarmed(Evidence evidence) => new(
        AlertsName, evidence.Documents["alerts"].Count,
        [.. evidence.Documents["alerts"].Where(alert => alert.TextIfAny("resolvedAt") is null).Select(alert => $"{alert.Text("kind")} {alert.Text("subject")}: {alert.Text("message")}")]);

    public static Finding EverythingIsAtRest(Evidence evidence) => new(RestName, evidence.Unrest.Count, evidence.Unrest);

    public static Finding EveryAnswerIsExplained(Evidence evidence) => new(AnswersName, evidence.Answered, evidence.Surprises);
}
