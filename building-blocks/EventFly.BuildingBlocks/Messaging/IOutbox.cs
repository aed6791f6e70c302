namespace EventFly.BuildingBlocks.Messaging;

/// <summary>The storage port for announcements that were committed and are not yet on the bus. At least once, in order per aggregate.</summary>
public interface IOutbox
{
    /// <summary>Leases the oldest waiting announcements, in commit order. Empty while another worker holds the lease.</summary>
    /// <param name="worker">Names the process that relays.</param>
    /// <param name="max">At most this many.</param>
    /// <param name="lease">After this time without <see cref="Done"/> another worker may take them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<OutboxEntry>> Take(string worker, int max, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>The bus has stored these: forget them.</summary>
    Task Done(IReadOnlyList<OutboxEntry> entries, CancellationToken cancellationToken);

    /// <summary>Returns when something may be waiting, at the latest after <paramref name="atMost"/>.</summary>
    Task Wait(TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>How many announcements wait.</summary>
    Task<long> Pending(CancellationToken cancellationToken);
}

/// <summary>A waiting announcement.</summary>
/// <param name="Position">Adapter's own key.</param>
/// <param name="Aggregate">Announcements of one aggregate are sent one after the other.</param>
/// <param name="Announcement">What to send.</param>
public sealed record OutboxEntry(string Position, string Aggregate, Announcement Announcement);
