using System.Collections.Concurrent;

namespace Aspire.Hosting.Orchestration;

/// <summary>Something that whoever looks at the dashboard should know.</summary>
internal sealed record Notice(string Title, string Text);

/// <summary>Notices that nobody has put away yet.</summary>
internal sealed class Notices
{
    private readonly ConcurrentDictionary<int, Notice> _open = new();
    private int _last;

    public IEnumerable<KeyValuePair<int, Notice>> Open => _open.OrderBy(notice => notice.Key);

    public void Add(Notice notice) => _open[Interlocked.Increment(ref _last)] = notice;

    public void Close(int id) => _open.TryRemove(id, out _);
}
