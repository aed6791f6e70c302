using EventFly.Contracts.Participants;

namespace EventFly.Participants.Scans;

internal static class Announcements
{
    public static IEnumerable<object> Of(ScanLogEvent happened, ScanLog log)
    {
        foreach (var (scan, before, after) in log.Turns)
        {
            if (scan.TicketId is not { } ticketId)
            {
                continue;
            }

            if (before is ScanOutcome.Admitted or ScanOutcome.Exited)
            {
                yield return new ScanWithdrawn(
                    ticketId, log.EventId, scan.ScanId, before is ScanOutcome.Admitted ? "in" : "out", scan.Gate, scan.At, after is ScanOutcome.Undone ? "undone" : "superseded");
            }

            if (after is ScanOutcome.Admitted)
            {
                yield return new TicketCheckedIn(ticketId, log.EventId, scan.ScanId, scan.Gate, scan.At);
            }
            else if (after is ScanOutcome.Exited)
            {
                yield return new TicketCheckedOut(ticketId, log.EventId, scan.ScanId, scan.Gate, scan.At);
            }
        }
    }
}
