using System.Diagnostics;

namespace EventFly.Storage.MongoDb.Client;

/// <summary>Under which the server remembers numbered writes. One operation at a time uses it.</summary>
internal sealed class ServerSession
{
    public Guid Id { get; } = Guid.CreateVersion7();

    public long LastNumber { get; private set; }

    public long UsedAt { get; set; }

    public long NextNumber() => ++LastNumber;
}

internal sealed class ServerSessions
{
    private const int Kept = 1000;

    /// <summary>A server forgets an unused session after 30 minutes.</summary>
    private static readonly TimeSpan Useful = TimeSpan.FromMinutes(25);

    private readonly Stack<ServerSession> idle = new();
    private readonly Lock gate = new();

    public ServerSession Take()
    {
        lock (gate)
        {
            while (idle.TryPop(out var session))
            {
                if (Stopwatch.GetElapsedTime(session.UsedAt) < Useful)
                {
                    return session;
                }
            }
        }

        return new ServerSession();
    }

    public void Return(ServerSession session)
    {
        session.UsedAt = Stopwatch.GetTimestamp();
        lock (gate)
        {
            if (idle.Count < Kept)
            {
                idle.Push(session);
            }
        }
    }
}
