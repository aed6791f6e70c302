using System.Buffers.Text;
using System.Text;

namespace EventFly.Bench.Load;

/// <summary>A request that is the same each time but for some ids. In its text, <c>{0}</c> to <c>{9}</c> stand for them.</summary>
internal sealed class RequestBytes
{
    private const int IdLength = 36;

    private readonly byte[] bytes;
    private readonly (int At, int Id)[] places;

    public RequestBytes(string method, string path, string? token = null, string? json = null)
    {
        var length = json is null ? 0 : Encoding.UTF8.GetByteCount(json) + (Slots(json) * (IdLength - 3));
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        if (token is not null)
        {
            head.Append("Authorization: Bearer ").Append(token).Append("\r\n");
        }

        if (json is not null)
        {
            head.Append("Content-Type: application/json\r\nContent-Length: ").Append(length).Append("\r\n");
        }

        var text = head.Append("\r\n").Append(json).ToString();
        List<(int, int)> found = [];
        using var whole = new MemoryStream();
        for (var from = 0; from < text.Length;)
        {
            var slot = NextSlot(text, from);
            whole.Write(Encoding.UTF8.GetBytes(text[from..(slot < 0 ? text.Length : slot)]));
            if (slot < 0)
            {
                break;
            }

            found.Add(((int)whole.Length, text[slot + 1] - '0'));
            whole.Write(new byte[IdLength]);
            from = slot + 3;
        }

        (bytes, places) = (whole.ToArray(), [.. found]);
    }

    /// <summary>The same bytes with other ids: the array belongs to the caller, who sends one request at a time.</summary>
    public byte[] NewBuffer() => (byte[])bytes.Clone();

    public byte[] With(byte[] buffer, params ReadOnlySpan<Guid> ids)
    {
        foreach (var (at, id) in places)
        {
            Utf8Formatter.TryFormat(ids[id], buffer.AsSpan(at), out _);
        }

        return buffer;
    }

    private static int Slots(string text)
    {
        var slots = 0;
        for (var at = NextSlot(text, 0); at >= 0; at = NextSlot(text, at + 3))
        {
            slots++;
        }

        return slots;
    }

    private static int NextSlot(string text, int from)
    {
        for (var at = text.IndexOf('{', from); at >= 0 && at + 2 < text.Length; at = text.IndexOf('{', at + 1))
        {
            if (char.IsAsciiDigit(text[at + 1]) && text[at + 2] == '}')
            {
                return at;
            }
        }

        return -1;
    }
}
