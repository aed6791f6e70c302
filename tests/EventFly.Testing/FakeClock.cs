namespace EventFly.Testing;

/// <summary>
/// A clock that stands still until it is told to go on. Timers fire, in order, when their time is passed. A short period in a long jump is not lived
/// through tick by tick: like a real timer after a sleep, it fires once for most of them.
/// </summary>
public sealed class FakeClock(DateTimeOffset now) : TimeProvider
{
    private const int MostTicks = 100;

    private readonly Lock gate = new();
    private readonly List<FakeTimer> timers = [];
    private DateTimeOffset now = now;

    public FakeClock()
        : this(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public DateTimeOffset Now
    {
        get => GetUtcNow();
        set => MoveTo(value);
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            return now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public void Advance(TimeSpan by) => MoveTo(GetUtcNow() + by);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void MoveTo(DateTimeOffset target)
    {
        while (true)
        {
            FakeTimer? due;
            lock (gate)
            {
                due = timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
                if (due is null)
                {
                    now = target;
                    return;
                }

                now = due.Due > now ? due.Due : now;
                if (due.Period > TimeSpan.Zero)
                {
                    var next = now + due.Period;
                    due.Due = (target - next) / due.Period > MostTicks ? target - TimeSpan.FromTicks((target - next).Ticks % due.Period.Ticks) : next;
                }
                else
                {
                    timers.Remove(due);
                }
            }

            due.Fire();
        }
    }

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var at = false;
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                Period = period;
                if (dueTime == TimeSpan.Zero)
                {
                    at = true;
                }

                if (dueTime >= TimeSpan.Zero && (dueTime > TimeSpan.Zero || period > TimeSpan.Zero))
                {
                    Due = clock.now + (dueTime > TimeSpan.Zero ? dueTime : period);
                    clock.timers.Add(this);
                }
            }

            if (at)
            {
                ThreadPool.QueueUserWorkItem(_ => Fire());
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
