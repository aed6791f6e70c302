using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EventFly.Mailbox.Mails;

internal sealed class LetterboxOptions
{
    /// <summary>How many mails are kept; the oldest make room.</summary>
    [Range(1, 100_000)]
    public int Keep { get; set; } = 10_000;
}

/// <summary>The newest mails, in memory: bounded in number and size, gone when the process ends.</summary>
internal sealed class Letterbox(IOptions<LetterboxOptions> options)
{
    private const long MostCharacters = 32 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly LinkedList<ReceivedMail> _mails = [];
    private readonly Dictionary<Guid, ReceivedMail> _byId = [];
    private long _characters;

    public int Count
    {
        get
        {
            lock (_gate) return _mails.Count;
        }
    }

    /// <summary>A mail that is there already is not put in again: whoever sends mails would not send it twice either.</summary>
    public void Put(ReceivedMail mail)
    {
        lock (_gate)
        {
            if (!_byId.TryAdd(mail.Id, mail)) return;
            // They come nearly in order; a late one goes to its place.
            var before = _mails.First;
            while (before is not null && before.Value.At > mail.At) before = before.Next;
            if (before is null) _mails.AddLast(mail);
            else _mails.AddBefore(before, mail);
            _characters += SizeOf(mail);
            while (_mails.Count > options.Value.Keep || (_characters > MostCharacters && _mails.Count > 1)) DropOldest();
        }
    }

    public ReceivedMail? Find(Guid id)
    {
        lock (_gate) return _byId.GetValueOrDefault(id);
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<ReceivedMail> Newest(Func<ReceivedMail, bool> wanted, int limit)
    {
        lock (_gate) return [.. _mails.Where(wanted).Take(limit)];
    }

    public void Empty()
    {
        lock (_gate)
        {
            _mails.Clear();
            _byId.Clear();
            _characters = 0;
        }
    }

    private void DropOldest()
    {
        var oldest = _mails.Last!.Value;
        _mails.RemoveLast();
        _byId.Remove(oldest.Id);
        _characters -= SizeOf(oldest);
    }

    private static long SizeOf(ReceivedMail mail) => mail.To.Length + mail.Subject.Length + mail.Text.Length;
}
