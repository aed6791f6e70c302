using System.Diagnostics;

namespace EventFly.Messaging.Nats.Tests;

/// <summary>Waits for a condition; says in the failure which one did not come.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(20);

    public static Task True(Func<bool> condition, string what) => True(() => Task.FromResult(condition()), Usual, what);

    public static Task True(Func<Task<bool>> condition, string what) => True(condition, Usual, what);

    public static Task True(Func<bool> condition, TimeSpan atMost, string what) => True(() => Task.FromResult(condition()), atMost, what);

    public static async Task True(Func<Task<bool>> condition, TimeSpan atMost, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < atMost, $"It never happened that {what}.");
            await Task.Delay(10);
        }
    }
}
